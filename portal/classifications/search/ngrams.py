"""An index of texts by their character n-grams: finds names by typing errors, parts of compounds and beginnings of
words.

Plain numpy: 40,000 names are indexed in about a third of a second and scored in a few milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

IDF_POWER: Final = 1.5
"""Above 1 (the cosine of plain tf-idf), rare n-grams count for more: measured better on real titles for each choice
of sizes."""
_BREAK: Final = "\n"


@dataclass(frozen=True)
class NgramIndex:
    """Weighted n-grams of `n_texts` folded texts; the weights of each text have length 1.

    `alphabet`: [nA] code points, ascending. `grams`: [nG] keys, ascending. `starts`: [nG + 1] where a gram's postings
    lie in
    `texts` [nP] (positions of texts) and `weights` [nP]. `idf`: [nG], to the power in use.
    """

    n_texts: int
    sizes: tuple[int, ...]
    alphabet: npt.NDArray[np.uint32]
    grams: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    idf: npt.NDArray[np.float32]

    @classmethod
    def build(cls, texts: Sequence[str], sizes: tuple[int, ...] = (2, 3, 4)) -> Self:
        """Index texts that `fold` has prepared."""
        points = _code_points(texts)
        alphabet = np.unique(points)
        text_of = np.cumsum(points == ord(_BREAK), dtype=np.int64)
        codes = np.searchsorted(alphabet, points)
        keys, owners = _windows(codes, text_of, np.searchsorted(alphabet, ord(_BREAK)), alphabet.size, sizes)
        # One number for gram and text sorts both at once; equal numbers are repeats of a gram inside one text.
        n_texts = max(1, len(texts))
        together = np.sort(keys * n_texts + owners)
        first = np.flatnonzero(np.diff(together, prepend=-1))
        counts = np.diff(first, append=together.size)
        pair_keys, pair_texts = np.divmod(together[first], n_texts)
        gram_first = np.flatnonzero(np.diff(pair_keys, prepend=-1))
        starts = np.append(gram_first, pair_keys.size)
        idf = (np.log(n_texts / np.diff(starts)) + 1) ** IDF_POWER
        weights = (1 + np.log(counts)) * np.repeat(idf, np.diff(starts))
        length = np.sqrt(np.bincount(pair_texts, weights**2, minlength=n_texts))
        weights /= np.where(length > 0, length, 1)[pair_texts]
        return cls(
            len(texts),
            sizes,
            alphabet,
            pair_keys[gram_first],
            starts,
            pair_texts.astype(np.int32),
            weights.astype(np.float32),
            idf.astype(np.float32),
        )

    def score(self, text: str) -> npt.NDArray[np.float64]:
        """Likeness of a folded text to each indexed one: [n_texts], 0 (nothing in common) to 1 (the same n-grams)."""
        points = _code_points([text])
        codes = np.searchsorted(self.alphabet, points)
        known = self.alphabet[np.minimum(codes, self.alphabet.size - 1)] == points if self.alphabet.size else points < 0
        # A character that no indexed text has cuts the text, as a line break does: no n-gram over it is known.
        text_of = np.cumsum(~known)
        codes = np.where(known, codes, 0)
        keys, _ = _windows(codes, text_of, np.searchsorted(self.alphabet, ord(_BREAK)), self.alphabet.size, self.sizes)
        keys, counts = np.unique(keys, return_counts=True)
        places = np.minimum(np.searchsorted(self.grams, keys), max(0, self.grams.size - 1))
        found = self.grams[places] == keys if self.grams.size else np.zeros(keys.size, bool)
        if not found.any():
            return np.zeros(self.n_texts)
        # An n-gram that no text has counts in the length as the rarest would: a text of strange n-grams is like
        # nothing.
        rarest = (np.log(self.n_texts) + 1) ** IDF_POWER
        weights = (1 + np.log(counts)) * np.where(found, self.idf[places], rarest)
        weights = weights[found] / np.sqrt(np.sum(weights**2))
        places = places[found]
        begins, ends = self.starts[places], self.starts[places + 1]
        texts = np.concatenate([self.texts[begin:end] for begin, end in zip(begins, ends, strict=True)])
        shares = np.concatenate(
            [self.weights[begin:end] * weight for begin, end, weight in zip(begins, ends, weights, strict=True)]
        )
        return np.bincount(texts, shares, minlength=self.n_texts).astype(np.float64, copy=False)


def _code_points(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """All texts in one array, each between spaces and ended by a line break."""
    joined = "".join(f" {text} {_BREAK}" for text in texts)
    return np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.uint32)


def _windows(
    codes: npt.NDArray[np.int64],
    text_of: npt.NDArray[np.int64],
    break_code: np.int64,
    base: int,
    sizes: tuple[int, ...],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Keys of all n-grams inside texts, and the text of each. A key is the n-gram as a number, apart for every size."""
    keys, owners, offset = [], [], 0
    for size in sizes:
        n = codes.size - size + 1
        if n > 0:
            key = np.zeros(n, np.int64)
            whole = text_of[:n] == text_of[size - 1 :]
            for place in range(size):
                part = codes[place : place + n]
                key = key * base + part
                whole &= part != break_code
            keys.append(key[whole] + offset)
            owners.append(text_of[:n][whole])
        offset += base**size
    if not keys:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(keys), np.concatenate(owners)
