"""The steps of a checkpoint's pickle, gone through with stand-ins for all that it would build: nothing of it is ever built.

A pickle is a small program. What would become a tensor is noted with its shape, whatever else by its full name.
"""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from math import prod
from typing import IO, Any

BYTES = {
    "Double": 8, "Float": 4, "Half": 2, "BFloat16": 2, "Long": 8, "Int": 4, "Short": 2, "Char": 1, "Byte": 1, "Bool": 1,
}  # fmt: skip
"""Of one number, by torch's names."""
REAL = ("Double", "Float", "Half", "BFloat16")

_STEPS = 400_000


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


class _Mark:
    """Where a list of arguments begins."""


class Steps:
    """The steps of one checkpoint.

    Attributes:
        storages: Bytes that each of its stores of numbers claims, by key.
        others: Full names of what it would build beside tensors.
    """

    def __init__(self) -> None:
        self.storages = dict[str, int]()
        self.others = dict[str, None]()
        self._stack, self._memo = list[Any](), dict[int, Any]()

    def take(self, pickled: IO[bytes]) -> Any:
        """What one pickle would give; raises ``ValueError`` and its like where it is none."""
        for number, (step, given, _) in enumerate(pickletools.genops(pickled)):
            if number > _STEPS:
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
                stack.append(_Mark)
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
                stack.append(tuple(self._marked()))
            case "LIST":
                stack.append(self._marked())
            case "DICT":
                parts = self._marked()
                stack.append({key: one for key, one in zip(parts[::2], parts[1::2], strict=True) if _plain(key)})
            case "APPEND":
                one = stack.pop()
                stack[-1].append(one)
            case "APPENDS":
                several = self._marked()
                stack[-1].extend(several)
            case "SETITEM" | "SETITEMS":
                parts = self._marked() if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
                stack[-1].update((key, one) for key, one in zip(parts[::2], parts[1::2], strict=True) if _plain(key))
            case "POP":
                stack.pop()
            case "POP_MARK":
                self._marked()
            case "DUP":
                stack.append(stack[-1])
            case "GLOBAL":
                stack.append(_Name(str(given).replace(" ", ".")))
            case "STACK_GLOBAL":
                last = stack.pop()
                stack.append(_Name(f"{stack.pop()}.{last}"))
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
                self._memo[int(given)] = stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                stack.append(self._memo[int(given)])
            case _ if (
                "INT" in name
                or "LONG" in name
                or "FLOAT" in name
                or "UNICODE" in name
                or "STRING" in name
                or "BYTES" in name
            ):
                stack.append(given)
            case _:
                raise ValueError(f"its pickle does what weights need not ({name})")

    def _marked(self) -> list[Any]:
        at = max(index for index, one in enumerate(self._stack) if one is _Mark)
        found = self._stack[at + 1 :]
        del self._stack[at:]
        return found

    def _storage(self, said: Any) -> _Storage:
        _, kind, key, _, count = said[:5]
        short = kind.full.rpartition(".")[2].removesuffix("Storage")
        if not isinstance(count, int) or count < 0:
            raise ValueError("a tensor has no size")
        self.storages[str(key)] = max(self.storages.get(str(key), 0), count * BYTES.get(short, 1))
        return _Storage(short, count)

    def _built(self, what: Any, arguments: Any) -> Any:
        full = what.full if isinstance(what, _Name) else "an object of an object"
        match full:
            case "collections.OrderedDict":
                return {}
            case "torch._utils._rebuild_tensor_v2" | "torch._utils._rebuild_tensor":
                storage, offset, shape = arguments[:3]
                if (
                    any(not isinstance(n, int) or n < 0 for n in (offset, *shape))
                    or prod(shape) + offset > storage.count
                ):
                    raise ValueError(f"a tensor claims {' x '.join(map(str, shape))[:60]} numbers of {storage.count:,}")
                return Tensor(tuple(shape), storage.kind in REAL)
            case "torch._utils._rebuild_parameter" | "torch._utils._rebuild_parameter_with_state":
                return arguments[0]
            case "torch.Size":
                return tuple(arguments[0])
            case "torch.device":
                return None
        self.others[full] = None
        return _Name(full)


def _plain(key: Any) -> bool:
    """Whether something may be a key: others could take for ever to be told apart."""
    return isinstance(key, str | int)
