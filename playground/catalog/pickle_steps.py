"""The steps of a checkpoint's pickle, gone through with stand-ins for all that it would build: nothing of it is ever built.

A pickle is a small program. What would become a tensor is noted with its shape, whatever else by its full name. Its objects may
hold one another, so that a hundred bytes describe more than could ever be looked at: only plain words and numbers are compared,
looked up, copied or written into a sentence here, and nothing else ever is.
"""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from math import prod
from typing import IO, Any

from playground.catalog.headers import shape as checked_shape

BYTES = {
    "Double": 8, "Float": 4, "Half": 2, "BFloat16": 2, "Long": 8, "Int": 4, "Short": 2, "Char": 1, "Byte": 1, "Bool": 1,
}  # fmt: skip
"""Of one number, by torch's names."""
REAL = ("Double", "Float", "Half", "BFloat16")

STEPS = 250_000
"""So many are gone through; a checkpoint of two thousand tensors has a third of them."""
LONGEST_WORD, LARGEST_KEY, MOST_NUMBERS = 500, 2**63, 2**31
_NAMED = 100
"""So many of the other things that it would build are told."""


@dataclass(frozen=True)
class _Name:
    full: str


@dataclass(frozen=True)
class _Storage:
    kind: str
    count: int


@dataclass(frozen=True)
class Tensor:
    """What would become a tensor.

    Attributes:
        shape: Its shape.
        real: Whether it holds real numbers.
    """

    shape: tuple[int, ...]
    real: bool


class Steps:
    """The steps of one checkpoint.

    Attributes:
        storages: Bytes that each of its stores of numbers claims, by key.
        others: Full names of what it would build beside tensors.
        taken: So many steps were gone through.
    """

    def __init__(self) -> None:
        self.storages = dict[str, int]()
        self.others = dict[str, None]()
        self.taken = 0
        self._stack, self._below = (
            list[Any](),
            list[list[Any]](),
        )  # what is built since the last mark; what was before each mark
        self._memo = dict[int, Any]()

    def take(self, pickled: IO[bytes]) -> Any:
        """What one pickle would give; raises ``ValueError`` and its like where it is none."""
        for step, given, _ in pickletools.genops(pickled):
            self.taken += 1
            if self.taken > STEPS:
                raise ValueError("its pickle is too long")
            if step.name == "STOP":
                return self._stack.pop()
            self._step(step.name, given)
        raise EOFError("its pickle has no end")

    def _step(self, name: str, given: Any) -> None:
        stack = self._stack
        match name:
            case "PROTO" | "FRAME":
                pass
            case "MARK":
                self._below.append(stack)
                self._stack = []
            case "EMPTY_DICT":
                stack.append({})
            case "EMPTY_LIST":
                stack.append([])
            case "EMPTY_TUPLE":
                stack.append(())
            case "NONE":
                stack.append(None)
            case "NEWTRUE" | "NEWFALSE":
                stack.append(name == "NEWTRUE")
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                count = int(name[-1])
                stack[-count:] = [tuple(stack[-count:])]
            case "TUPLE":
                several = tuple(self._marked())
                self._stack.append(several)
            case "LIST":
                listed = self._marked()
                self._stack.append(listed)
            case "DICT":
                parts = self._marked()
                self._stack.append({})
                self._set(parts)
            case "APPEND":
                one = stack.pop()
                stack[-1].append(one)
            case "APPENDS":
                listed = self._marked()
                self._stack[-1].extend(listed)
            case "SETITEM":
                one = stack.pop()
                self._set([stack.pop(), one])
            case "SETITEMS":
                self._set(self._marked())
            case "POP":
                stack.pop()
            case "POP_MARK":
                self._marked()
            case "DUP":
                stack.append(stack[-1])
            case "GLOBAL":
                stack.append(_Name(_word(given).replace(" ", ".")))
            case "STACK_GLOBAL":
                last = _word(stack.pop())
                stack.append(_Name(f"{_word(stack.pop())}.{last}"))
            case "REDUCE" | "NEWOBJ":
                arguments = stack.pop()
                stack.append(self._built(stack.pop(), arguments))
            case "BUILD":
                stack.pop()
            case "BINPERSID":
                stack.append(self._storage(stack.pop()))
            case "MEMOIZE":
                self._memo[len(self._memo)] = stack[-1]
            case "PUT" | "BINPUT" | "LONG_BINPUT":
                self._memo[_key(given)] = stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                stack.append(self._memo[_key(given)])
            case _ if any(kind in name for kind in ("INT", "LONG", "FLOAT", "UNICODE", "STRING", "BYTES")):
                stack.append(given)
            case _:
                raise ValueError(f"its pickle does what weights need not ({name})")

    def _marked(self) -> list[Any]:
        """What was built since the last mark."""
        found, self._stack = self._stack, self._below.pop()
        return found

    def _set(self, parts: list[Any]) -> None:
        """Put things, each behind its key, into the dictionary that was built last."""
        held = self._stack[-1]
        if not isinstance(held, dict):
            raise TypeError("no dictionary")
        for key, one in zip(parts[::2], parts[1::2], strict=True):
            held[_word(key) if isinstance(key, str) else _key(key)] = one

    def _storage(self, said: Any) -> _Storage:
        if (
            not isinstance(said, tuple)
            or len(said) < 5
            or not isinstance(said[1], _Name)
            or any(one is not None for one in said[5:])
        ):
            raise ValueError("a store of numbers is none")
        _, key, _ = (_word(said[at]) for at in (0, 2, 3))
        count = said[4]
        short = said[1].full.rpartition(".")[2].removesuffix("Storage")
        if type(count) is not int or not 0 <= count <= MOST_NUMBERS:
            raise ValueError("a tensor has no size that could be")
        self.storages[key] = max(self.storages.get(key, 0), count * BYTES.get(short, 1))
        return _Storage(short, count)

    def _built(self, what: Any, arguments: Any) -> Any:
        full = what.full if isinstance(what, _Name) else "an object of an object"
        if not isinstance(arguments, tuple):
            raise TypeError("no arguments")
        match full:
            case "collections.OrderedDict":
                if arguments:
                    raise ValueError("one of its dictionaries is filled in a way that is not read here")
                return {}
            case "torch._utils._rebuild_tensor_v2" | "torch._utils._rebuild_tensor":
                return _tensor(*arguments[:4])
            case "torch._utils._rebuild_parameter" | "torch._utils._rebuild_parameter_with_state":
                return arguments[0]
            case "torch.Size":
                return checked_shape(*arguments)
            case "torch.device":
                return None
        if len(self.others) < _NAMED:
            self.others[full] = None
        return _Name(full)


def _tensor(storage: Any, offset: Any, said: Any, steps: Any) -> Tensor:
    shape, strides, start = checked_shape(said), checked_shape(steps), checked_shape((offset,))[0]
    if not isinstance(storage, _Storage) or len(strides) != len(shape):
        raise ValueError("a tensor has no numbers")
    last = sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    count: int = prod(shape)
    if count + start > storage.count or (count and start + last >= storage.count):
        raise ValueError(f"a tensor claims {' x '.join(map(str, shape))[:60]} numbers of {storage.count:,}")
    return Tensor(shape, storage.kind in REAL)


def _word(one: Any) -> str:
    """A word of the pickle that may be compared and written."""
    if not isinstance(one, str) or len(one) > LONGEST_WORD or not one.isprintable():
        raise ValueError("one of its names is no short word")
    return one


def _key(one: Any) -> int:
    """A number of the pickle that something may be found by again."""
    if not isinstance(one, int) or not -LARGEST_KEY <= one <= LARGEST_KEY:
        raise ValueError("one of its keys is neither a word nor a small number")
    return one
