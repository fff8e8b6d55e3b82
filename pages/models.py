"""Models

Every pretrained model that can be used here: what it is, whether it lies on disk, and what it takes in memory.
"""

from playground.ui.page import heading, prose, references
from playground.ui.parts import models as part

SECTION = "Pretrained"
ORDER = 90
ICON = ":material/inventory_2:"
KEY = "models"

corner = heading(__doc__, KEY)
part.show(KEY)
prose(
    "A download is checked before it counts: each file's hash must be the one that the hub announces, and *Verify* reads the "
    "files again and compares. Weights are opened as numbers only; nothing in a file is ever run. To bring a model of "
    "your own, put a folder with timm's or transformers' `config.json` and `model.safetensors` (of transformers' also "
    "`tokenizer.json`) into the models folder and press *Rescan*; "
    "`playground models` does all of this on the command line."
)
references(
    "R. Wightman: PyTorch image models (timm), 2019",
    "T. Wolf et al.: Transformers: state-of-the-art natural language processing, 2020",
    "O. Russakovsky et al.: ImageNet large scale visual recognition challenge, 2015",
)
