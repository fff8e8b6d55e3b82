"""The architecture as prose that executes: each test is a sentence about the house, and names what breaks it.

Who may import whom is proved by the import contracts in ``pyproject.toml`` (``make check`` runs both); here stands what
those cannot say.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.metadata
import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import playground
from playground.core import settings
from playground.core.registry import Entry, Registry
from playground.specs.bounds import Bound
from playground.specs.spec import Spec

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "playground"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")

MODULE_LINES, PAGE_LINES, SIMPLE_FIELDS = 300, 120, 6
HEAVY = ("torch", "torchvision", "timm", "transformers", "ultralytics")
SECTIONS = ("Home", "Foundations", "Train", "Pretrained", "Generate", "System")


def short(path: Path) -> str:
    """A path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), short(path))


def dotted(path: Path) -> str:
    """The import name of a module of the package."""
    return short(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: Path) -> Iterator[str]:
    """Every absolute module name that a file imports, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def tracked() -> list[Path]:
    """Every file that is in the repository or is about to be."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def entries() -> Iterator[tuple[str, Any]]:
    """Every entry of every registry that the package fills without torch, with the name of its registry."""
    found: dict[int, Registry[Any]] = {}
    for path in MODULES:
        if re.search(r"\bRegistry\b", path.read_text(encoding="utf-8")):
            members = vars(importlib.import_module(dotted(path))).values()
            found |= {id(member): member for member in members if isinstance(member, Registry)}
    for registry in found.values():
        assert len(registry), f"the registry of each {registry.kind} is empty"
        yield from ((registry.kind, entry) for entry in registry.values())


def specs() -> list[type[Spec]]:
    """Every kind of experiment."""
    for path in sorted((PACKAGE / "specs").glob("*.py")):
        importlib.import_module(dotted(path))
    found, new = [], Spec.__subclasses__()
    while new:
        found += new
        new = [below for spec in new for below in spec.__subclasses__()]
    return [spec for spec in found if spec.__module__.startswith("playground.specs.")]


def none(found: Iterable[str]) -> None:
    """Fail with one line for each thing found."""
    lines = sorted(found)
    assert not lines, "\n" + "\n".join(lines)


# -- size and shape ----------------------------------------------------------------------------------------------------


def test_no_module_is_longer_than_one_can_keep_in_mind() -> None:
    budgets = [(path, MODULE_LINES) for path in MODULES] + [(path, PAGE_LINES) for path in PAGES]
    lengths = [(path, len(path.read_text(encoding="utf-8").splitlines()), budget) for path, budget in budgets]
    none(f"{short(path)}: {lines} > {budget}" for path, lines, budget in lengths if lines > budget)


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    none(short(path) for path in MODULES if vague & set(path.relative_to(ROOT).with_suffix("").parts))
    classes = [(path, node.name) for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    none(f"{short(path)}: {name}" for path, name in classes if re.match(r"_?Base[A-Z]", name))


def test_package_inits_import_nothing() -> None:
    none(short(path) for path in MODULES if path.name == "__init__.py" and list(imports(path)))


def test_the_map_and_the_import_contracts_say_the_same() -> None:
    lines = re.findall(r"^ {4}(\S.*?) {2,}\S", playground.__doc__ or "", re.MULTILINE)
    drawn = [set(line.removeprefix("pages/ · ").split(" · ")) for line in lines]
    layers = next(item for item in PROJECT["tool"]["importlinter"]["contracts"] if item["type"] == "layers")["layers"]
    assert drawn == [set(layer.split(" | ")) for layer in layers]


def test_the_readme_maps_what_is_there() -> None:
    section = README.split("## The map", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    none(name for name in sorted(named) if not (ROOT / name).exists())
    rooms = {f"{short(path.parent)}/" for path in PACKAGE.glob("*/__init__.py")}
    none(rooms - named)


def test_the_readme_lists_every_setting() -> None:
    assert settings.table() in README


CALLS = """
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
a = np.full((3, 1), 2.0)
assert ACTIVATIONS["cubed"].derivative(a).tolist() == [[12.0]] * 3
assert quartic(a, a + 1).tolist() == [1.0] * 3 and quartic_gradient(a, a + 1).tolist() == [[-4.0]] * 3
assert np.allclose(decayed_sgd(a, a, 0 * a, 0 * a, 0 * a, 1, 0.1, 0.5)[0], 0.85 * a)
assert DATASETS["stripes"].make(50, 10, 1).x.shape == (50, 2)
assert spec.bias == 0.7 and len(problems) == 1
"""


def test_the_examples_of_contributing_run() -> None:
    """All in one fresh process, so that what they register stays there; the page is only read as the menu reads it."""
    examples = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M | re.S
    )
    pages = [example for example in examples if example.startswith('"""')]
    assert len(examples) >= 6
    assert len(pages) == 1
    assert header(ast.parse(pages[0]), "the page in CONTRIBUTING.md")
    code = "\n".join(example for example in examples if example not in pages) + CALLS
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_changelog_knows_this_version() -> None:
    assert f"## [{playground.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# -- pages -------------------------------------------------------------------------------------------------------------


def test_pages_import_only_streamlit_and_the_playground() -> None:
    allowed = {"streamlit", "playground", "__future__"}
    none(f"{short(path)}: {name}" for path in PAGES for name in imports(path) if name.split(".")[0] not in allowed)


def test_pages_have_a_header() -> None:
    for path in PAGES:
        assert header(tree(path), short(path))


def header(page: ast.Module, name: str) -> dict[str, Any]:
    """What a page says of itself, checked."""
    said = {
        target.id: ast.literal_eval(node.value)
        for node in page.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in {"SECTION", "ORDER", "ICON"}
    }
    assert ast.get_docstring(page), f"{name} has no docstring: its title and what to try"
    assert said.keys() == {"SECTION", "ORDER", "ICON"}, f"{name} says only {sorted(said)}"
    assert said["SECTION"] in SECTIONS, f"{name}: unknown section {said['SECTION']!r}"
    assert isinstance(said["ORDER"], int), f"{name}: ORDER is no whole number"
    assert re.fullmatch(r":material/\w+:", said["ICON"]), f"{name}: ICON is no Material symbol"
    return said


def test_pages_keep_no_state_of_their_own() -> None:
    for path in PAGES:
        names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree(path))}
        assert "session_state" not in names, (
            f"{short(path)} uses session_state; ui.state keeps what must outlive a rerun"
        )
        assert not any(isinstance(node, ast.Global) for node in ast.walk(tree(path))), f"{short(path)} uses a global"


def test_no_page_is_named_after_a_library() -> None:
    installed = importlib.metadata.packages_distributions().keys() | sys.stdlib_module_names
    none({path.stem for path in PAGES} & installed)


# -- experiments and registries ----------------------------------------------------------------------------------------


def test_every_field_of_a_spec_has_exactly_one_bound_and_a_default_within_it() -> None:
    assert specs(), "no experiment found in playground.specs"
    for spec in specs():
        hints = get_type_hints(spec, include_extras=True)
        for field in dataclasses.fields(spec):
            bounds = [item for item in getattr(hints[field.name], "__metadata__", ()) if isinstance(item, Bound)]
            assert len(bounds) == 1, f"{spec.__name__}.{field.name} has {len(bounds)} bounds"
            assert bounds[0].label, f"{spec.__name__}.{field.name} has no label"
        assert spec().checked("public") == spec(), f"the defaults of {spec.__name__} are not allowed on a public server"


def test_simple_shows_at_most_six_controls() -> None:
    for spec in specs():
        simple = [name for name, bound in spec.bounds().items() if not bound.advanced]
        assert len(simple) <= SIMPLE_FIELDS, f"{spec.__name__} shows {simple}; mark some as advanced"


def test_every_entry_says_what_it_is_and_where_it_comes_from() -> None:
    kinds = Counter(kind for kind, _ in entries())
    assert len(kinds) >= 5, f"found only {dict(kinds)}"
    for kind, entry in entries():
        source = (
            entry.paper if hasattr(entry, "paper") else entry.source
        )  # a pretrained model's source is where it lies
        for field, text in (
            ("name", entry.name),
            ("title", entry.title),
            ("summary", entry.summary),
            ("source", source),
        ):
            assert text.strip(), f"{kind} {entry.name} has no {field}"
        assert re.search(r"\b(1[5-9]|20)\d\d\b", source), f"the source of {kind} {entry.name} has no year"
        assert entry.summary.endswith("."), f"the summary of {kind} {entry.name} is no sentence"


def test_every_registered_function_has_a_docstring() -> None:
    for kind, entry in entries():
        if not isinstance(entry, Entry):
            continue
        functions = [
            value for field in dataclasses.fields(entry) if inspect.isfunction(value := getattr(entry, field.name))
        ]
        assert functions, f"{kind} {entry.name} carries no function"
        for function in functions:
            assert (function.__doc__ or "").strip(), f"{function.__qualname__} of {kind} {entry.name} has no docstring"


# -- what may not happen -----------------------------------------------------------------------------------------------


def test_the_web_process_never_imports_torch() -> None:
    """Everything that the app, the pages and the registries import, in a fresh process (the entry script runs nothing here)."""
    wanted = {
        dotted(path)
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] not in {"engine", "hub", "training", "cli.py"}
    }
    wanted |= {name for path in PAGES for name in imports(path) if name.startswith("playground.")}
    wanted -= {"playground.ui.frame"}  # a script that Streamlit runs, not a module
    code = "import importlib, sys\nfor name in sys.argv[2:]: importlib.import_module(name)\n"
    code += "print(*sorted(set(sys.modules) & set(sys.argv[1].split(','))))"
    command = [sys.executable, "-c", code, ",".join(HEAVY), *sorted(wanted)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    none(done.stdout.split())


def test_nothing_is_swallowed() -> None:
    """A handler of every exception must do something about it; an empty one is where defects hide."""
    for path in [*MODULES, *PAGES]:
        for node in ast.walk(tree(path)):
            where = f"{short(path)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ExceptHandler) and broad(node.type):
                acts = any(isinstance(part, ast.Call | ast.Raise) for step in node.body for part in ast.walk(step))
                assert acts, f"{where} swallows every exception"
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                assert not any(broad(argument) for argument in node.args), f"{where} suppresses every exception"


def broad(caught: ast.expr | None) -> bool:
    """Whether an ``except`` takes everything."""
    return caught is None or bool({"Exception", "BaseException"} & {ast.unparse(node) for node in ast.walk(caught)})


def test_every_streamlit_cache_is_bounded() -> None:
    bounds = {"max_entries", "ttl", "scope"}
    for path in [*MODULES, *PAGES]:
        for node in ast.walk(tree(path)):
            for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else []:
                called = mark if isinstance(mark, ast.Call) else ast.Call(mark, [], [])
                if ast.unparse(called.func).split(".")[-1] in {"cache_data", "cache_resource"} and node.args.args:
                    given = {keyword.arg for keyword in called.keywords}
                    assert given & bounds, f"{short(path)}:{node.lineno} caches without bound"


def test_files_name_no_machine_and_no_package_index() -> None:
    # Written so that this file does not find itself.
    private = r"[/]work/|[/]root/|[/]home/\w|[/]Users/\w|[/]opt/wheels|(?<!\w)[/]tmp/\w|C:\\Users"
    address = r"pypi[.]org/|pythonhosted[.]org|download[.]pytorch[.]org|[-]-(extra-)?index-url +\S*://|[-]-find-links"
    pattern = re.compile(f"{private}|{address}")
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture or a model
            continue
        found += [f"{short(path)}: {match.group()}" for match in pattern.finditer(text)]
    none(found)


def test_what_is_imported_is_declared() -> None:
    declared = {re.split(r"[<>=!~ \[;]", line, maxsplit=1)[0].lower() for line in PROJECT["project"]["dependencies"]}
    owners = importlib.metadata.packages_distributions()
    for path in [*MODULES, *PAGES]:
        for top in {name.split(".")[0] for name in imports(path)} - {"", "playground"} - sys.stdlib_module_names:
            names = {name.lower().replace("_", "-").removesuffix("-headless") for name in owners.get(top, [top])}
            assert names & declared, f"{short(path)} imports {top}, which pyproject.toml does not declare"


def test_the_wheel_carries_all_that_runs(tmp_path: Path) -> None:
    """An installed copy has the pages, the browser's modules, Streamlit's configuration and the samples, too."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    needed = {short(path).replace("pages/", "playground/_pages/", path in PAGES) for path in tracked()}
    none(name for name in needed if name.startswith("playground/") and name not in carried)
    assert "playground/_pages/home.py" in carried


def test_the_lock_pins_everything_by_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9][\w.-]*)==\S+((?:.*\\\n)(?: +--hash=sha256:[0-9a-f]{64}.*\n)+)?", lock, re.MULTILINE)
    none(name for name, hashes in pins if not hashes)
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *(line for group in groups.values() for line in group)]
    names = {re.split(r"[<>=!~ \[;]", line, maxsplit=1)[0].lower() for line in wanted}
    none(names - {name for name, _ in pins})
