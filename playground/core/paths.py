"""Where things lie on disk: in a checkout beside the code, installed in the platform's own places."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from playground.core.errors import SpecError
from playground.core.settings import Settings

PACKAGE = Path(__file__).resolve().parent.parent
SAMPLES = PACKAGE / "data" / "samples"


def checkout() -> Path | None:
    """The root of the checkout this package runs from; ``None`` for an installed copy."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "pages").is_dir() else None


def pages() -> Path:
    """The folder of page scripts: ``playground/_pages`` in a wheel, ``pages/`` in a checkout."""
    installed = PACKAGE / "_pages"
    return installed if installed.is_dir() else PACKAGE.parent / "pages"


def data_folder(settings: Settings) -> Path:
    """Where stored runs and uploads lie; made where it is missing. Raises ``SpecError`` where it cannot be used."""
    folder = Path(settings.data) if settings.data else Path(platformdirs.user_data_dir("deep-learning-playground"))
    return _made(folder, "PLAYGROUND_DATA")


def pictures_folder(settings: Settings) -> Path:
    """Where image data sets lie; the owner's own folder is never made or written to."""
    return (
        Path(settings.pictures) if settings.pictures else _made(data_folder(settings) / "pictures", "PLAYGROUND_DATA")
    )


def models_place(named: str) -> Path:
    """Where downloaded models lie, whether or not that is there: the folder that ``PLAYGROUND_MODELS`` names, if any."""
    if named:
        return Path(named)
    root = checkout()
    return root / "models_cache" if root else Path(platformdirs.user_cache_dir("deep-learning-playground")) / "models"


def models_folder(settings: Settings) -> Path:
    """Where downloaded models lie; made where it is missing. Raises ``SpecError`` where it cannot be used."""
    return _made(models_place(settings.models), "PLAYGROUND_MODELS")


def _made(folder: Path, variable: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpecError(f"The folder {folder} cannot be made ({error.strerror}); name another in {variable}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SpecError(f"The folder {folder} cannot be written to; change that, or name another in {variable}.")
    return folder
