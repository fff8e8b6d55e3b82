"""Experiments as frozen dataclasses whose fields carry their own bounds.

One declaration draws the widget, is checked at every door (page, command line, submit), is written into the link, names
the command line's arguments and heads the record of a run::

    @dataclass(frozen=True)
    class MLPSpec(Spec):
        KIND: ClassVar[str] = "mlp"
        VERSION: ClassVar[int] = 1
        lr: Annotated[float, Range(1e-5, 10, log=True, label="Learning rate", help="Step size", live=True)] = 0.03
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, get_type_hints

from playground.core.errors import SpecError
from playground.specs.bounds import Bound, Mode
from playground.specs.quoted import shown


@dataclass(frozen=True)
class Spec:
    """An experiment. Subclasses are frozen dataclasses with a default for every field, each annotated with one bound."""

    KIND: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1

    @classmethod
    def bounds(cls) -> Mapping[str, Bound]:
        """Field name to bound, in the order of declaration."""
        return _bounds(cls)

    def label(self, field: str) -> str:
        """The label of a field, which may depend on the other values."""
        return self.bounds()[field].label

    def relevant(self, field: str) -> bool:
        """Whether a field has any effect with the other values as they are; a control without effect is not drawn."""
        return True

    def cross_check(self, mode: Mode) -> None:
        """What no single field can tell; raises ``SpecError``. The values of single fields are already checked."""

    def checked(self, mode: Mode = "local") -> Self:
        """The same experiment with every value in its proper type; raises ``SpecError`` that names the field."""
        values = {}
        for name, bound in self.bounds().items():
            try:
                values[name] = bound.check(getattr(self, name), mode)
            except SpecError as error:
                raise SpecError(f"{self.label(name)}: {error}", field=name) from None
        spec = dataclasses.replace(self, **values)
        spec.cross_check(mode)
        return spec

    def replace(self, **values: Any) -> Self:
        """The same experiment with some values changed (not yet checked)."""
        return dataclasses.replace(self, **values)

    def live_changes(self, other: Self) -> dict[str, Any] | None:
        """What must be changed mid-run to get from this experiment to the other; ``None`` where it must start again."""
        changes = {name: getattr(other, name) for name in self.bounds() if getattr(other, name) != getattr(self, name)}
        return changes if all(self.bounds()[name].live for name in changes) else None

    def changed(self, settings: Mapping[str, Any]) -> Self:
        """The same experiment with new values of live settings, checked; raises ``SpecError`` where one is not allowed."""
        bounds = self.bounds()
        for name in settings:
            if name not in bounds or not bounds[name].live:
                raise SpecError(f"'{name}' cannot change while a run goes on; start it again.", field=name)
        return self.replace(**settings).checked()

    def to_dict(self) -> dict[str, Any]:
        """Every value, JSON-ready."""
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in self.bounds()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], mode: Mode = "local") -> Self:
        """The experiment that ``to_dict`` wrote; raises ``SpecError`` on anything else."""
        if unknown := set(values) - set(cls.bounds()):
            raise SpecError(f"unknown setting '{sorted(unknown)[0]}'.")
        made = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return cls(**made).checked(mode)

    @classmethod
    def named_by(cls, version: str) -> bool:
        """Whether a link's ``v`` (``mlp1``) means an experiment of this kind, of whatever version."""
        return version.rstrip("0123456789") == cls.KIND

    def to_query(self) -> dict[str, str]:
        """The experiment as a link's parameters: a version, then every linked field written out."""
        fields = {name: bound.write(getattr(self, name)) for name, bound in self.bounds().items() if bound.linked}
        return {"v": f"{self.KIND}{self.VERSION}", **fields}

    @classmethod
    def from_query(cls, query: Mapping[str, str], mode: Mode = "local") -> tuple[Self, list[str]]:
        """Read a link.

        Returns:
            The experiment, with the default where the link says nothing or nothing valid, and one sentence for each
            value that could not be used. A link of another version is read as far as it goes; one that holds an
            experiment of another kind (another view of the page) says nothing to this one.
        """
        spec = cls()
        problems: list[str] = []
        version = query.get("v", f"{cls.KIND}{cls.VERSION}")
        if version[-1:].isdigit() and not cls.named_by(version):
            return spec, problems
        given = {name: query[name] for name, bound in cls.bounds().items() if bound.linked and name in query}
        if given and version != f"{cls.KIND}{cls.VERSION}":
            problems.append("This link was made by another version of the page; what still has a meaning was kept.")
        for name, text in given.items():
            bound = cls.bounds()[name]
            try:
                spec = spec.replace(**{name: bound.check(bound.read(text[: bound.room]), mode)})
            except SpecError as error:
                problems.append(f"In the link, {bound.label}: {error} The page uses {shown(getattr(spec, name))}.")
        try:
            return spec.checked(mode), problems
        except SpecError as error:
            wrong, first = error.field, str(error)
        with contextlib.suppress(
            SpecError, AttributeError
        ):  # where one field is to blame, the others keep their values
            kept = spec.replace(**{wrong: getattr(cls(), wrong)}).checked(mode)
            return kept, [*problems, f"In the link: {first} The page uses {shown(getattr(kept, wrong))}."]
        return cls(), [*problems, f"In the link: {first} The page starts from its own experiment."]


_found: dict[type[Spec], Mapping[str, Bound]] = {}


def _bounds(spec: type[Spec]) -> Mapping[str, Bound]:
    if spec in _found:
        return _found[spec]
    # The module's names as globals: a ``lambda: DATASETS`` in an annotation looks there when it is called.
    hints = get_type_hints(spec, vars(sys.modules[spec.__module__]), include_extras=True)
    found = {}
    for field in dataclasses.fields(spec):
        bounds = [item for item in getattr(hints[field.name], "__metadata__", ()) if isinstance(item, Bound)]
        if len(bounds) != 1:
            raise TypeError(f"{spec.__name__}.{field.name} needs exactly one bound in its annotation")
        found[field.name] = bounds[0]
    _found[spec] = found
    return found
