"""Small measured tables: Fisher's irises, wines, tumours and diabetes patients.

Their numbers are read from the files that scikit-learn installs. scikit-learn itself is not imported: it takes seconds
and 160 MB, which a web process that only wants 150 flowers must not pay. A test compares each table with its loader.
"""

from __future__ import annotations

from playground.data.dataset import Dataset, Task
from playground.data.entry import dataset
from playground.data.installed import numbers


@dataset(
    "iris",
    title="Iris",
    task="classes",
    drawn=False,
    source="Fisher, The Use of Multiple Measurements in Taxonomic Problems (1936)",
)
def iris(n: int, noise: float, seed: int) -> Dataset:
    """150 flowers: the kind of iris from the size of its petals and sepals."""
    inputs = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    return _classes("iris.csv", inputs, "kind of iris", ("setosa", "versicolor", "virginica"))


@dataset(
    "wine",
    title="Wine",
    task="classes",
    drawn=False,
    source="Aeberhard, Coomans and de Vel, Comparison of Classifiers in High Dimensional Settings (1992)",
)
def wine(n: int, noise: float, seed: int) -> Dataset:
    """178 Italian wines: the grower from thirteen chemical measurements."""
    inputs = (
        "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
        "nonflavanoid phenols", "proanthocyanins", "colour intensity", "hue", "OD280/OD315 of diluted wine", "proline",
    )  # fmt: skip
    return _classes("wine_data.csv", inputs, "grower", ("grower 1", "grower 2", "grower 3"))


@dataset(
    "breast_cancer",
    title="Breast cancer",
    task="binary",
    drawn=False,
    source="Street, Wolberg and Mangasarian, Nuclear Feature Extraction for Breast Tumor Diagnosis (1993)",
)
def breast_cancer(n: int, noise: float, seed: int) -> Dataset:
    """569 tumours: malignant or benign from thirty measurements of their cell nuclei."""
    measured = (
        "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
        "symmetry", "fractal dimension",
    )  # fmt: skip
    forms = ("mean {}", "{}, standard error", "worst {}")
    inputs = tuple(form.format(name) for form in forms for name in measured)
    return _classes("breast_cancer.csv", inputs, "diagnosis", ("malignant", "benign"))


@dataset(
    "diabetes",
    title="Diabetes",
    task="regression",
    drawn=False,
    source="Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression (2004)",
)
def diabetes(n: int, noise: float, seed: int) -> Dataset:
    """442 patients: how far diabetes progressed in a year, from ten measurements at its start."""
    inputs = (
        "age (years)", "sex (1 or 2)", "body mass index", "average blood pressure", "total cholesterol (tc)",
        "low-density lipoproteins (ldl)", "high-density lipoproteins (hdl)", "total cholesterol / hdl",
        "log of triglycerides (ltg)", "blood sugar (glu)",
    )  # fmt: skip
    x = numbers("diabetes_data_raw.csv.gz", None, 0)
    y = numbers("diabetes_target.csv.gz", None, 0)
    return Dataset(x, y.reshape(-1), "regression", inputs, "disease progression after a year")


def _classes(file: str, inputs: tuple[str, ...], target: str, classes: tuple[str, ...]) -> Dataset:
    """A table whose last column is the number of the class."""
    rows = numbers(file, ",", 1)
    task: Task = "binary" if len(classes) == 2 else "classes"
    return Dataset(rows[:, :-1], rows[:, -1], task, inputs, target, classes)
