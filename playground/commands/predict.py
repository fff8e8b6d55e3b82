"""``playground predict``: ask a pretrained model about files or texts, right here."""

from __future__ import annotations

from typing import Any

from playground.commands import predict_classify, predict_detect, predict_digit, predict_generate, predict_sentiment


def add(commands: Any) -> None:
    """Add the command to the command line."""
    predict = commands.add_parser("predict", help="ask a pretrained model about files or texts", allow_abbrev=False)
    tasks = predict.add_subparsers(metavar="TASK", required=True)
    predict_classify.add(tasks)
    predict_detect.add(tasks)
    predict_digit.add(tasks)
    predict_generate.add(tasks)
    predict_sentiment.add(tasks)
