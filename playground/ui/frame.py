"""The script that Streamlit runs for every page: page setup, menu, then the page itself."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import streamlit as st

from playground.ui import nav, page, provider

st.set_page_config(
    page_title="Deep Learning Playground", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide"
)
page.apply_style()

scripts = {
    header.name: st.Page(
        header.path,
        title=header.title,
        icon=header.icon,
        url_path="" if header.section == "Home" else header.name,
        default=header.section == "Home",
    )
    for header in nav.discover()
}
page.publish(scripts)
sections = {
    "" if section == "Home" else section: [scripts[header.name] for header in headers]
    for section, headers in groupby(nav.discover(), key=lambda header: header.section)
}
st.navigation(sections, position="top").run()
provider.wake()
