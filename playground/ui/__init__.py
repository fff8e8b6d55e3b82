"""The browser's side: frame, navigation, controls, live view. The only room with Streamlit."""
