"""Whatever stands in a file, a button or a message: readers answer with a value or a fault, never with an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import tries
from tests.fuzz.bot_api import TRICKS
from tests.fuzz.parsers import PARSERS, SEEDS

RUBBISH = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([one[:60].encode("utf-8", "surrogatepass") for one in TRICKS]),
    st.sampled_from(
        [b"\n", b": ", b"[", b"{", b"}", b'"', b"\\", b"*a", b"&a ", b"<b>", b"9" * 30, b"-1", b"\x00", b"\r\n"]
    ),
)


@st.composite
def nearly(draw: st.DrawFn, seed: str) -> bytes:
    """Something right with up to three places overwritten, taken out or doubled."""
    data = seed.encode()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 20)))
        data = data[:at] + draw(st.one_of(RUBBISH, st.just(data[at:until] * 2))) + data[until:]
    return data


@pytest.mark.parametrize("name", PARSERS)
def test_a_reader_never_raises(name: str) -> None:
    @tries({"condition": 60, "catalogue": 40, "calendar": 80, "answers": 15}.get(name, 150))
    @given(data=st.one_of(st.binary(max_size=200), st.sampled_from(SEEDS[name]).flatmap(nearly)))
    def tried(data: bytes) -> None:
        PARSERS[name](data)

    tried()
