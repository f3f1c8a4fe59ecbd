"""The n-gram index against its definition, written out slowly."""

import math
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portal.classifications.search.ngrams import IDF_POWER, NgramIndex

SIZES = (2, 3)
text = st.text(alphabet="abcä +", max_size=8).map(lambda typed: " ".join(typed.split()))


def grams(folded: str) -> Counter[str]:
    padded = f" {folded} "
    return Counter(padded[at : at + size] for size in SIZES for at in range(len(padded) - size + 1))


def likeness(typed: str, texts: list[str]) -> list[float]:
    counted = [grams(one) for one in texts]
    df = Counter(gram for one in counted for gram in one)
    rarest = (math.log(len(texts)) + 1) ** IDF_POWER

    def weights(one: Counter[str]) -> dict[str, float]:
        return {
            gram: (1 + math.log(count)) * ((math.log(len(texts) / df[gram]) + 1) ** IDF_POWER if gram in df else rarest)
            for gram, count in one.items()
        }

    def length(one: dict[str, float]) -> float:
        return math.sqrt(sum(weight**2 for weight in one.values()))

    asked = weights(grams(typed))
    told = [weights(one) for one in counted]
    return [
        sum(weight * one.get(gram, 0) for gram, weight in asked.items()) / (length(asked) * length(one)) for one in told
    ]


@given(texts=st.lists(text, min_size=1, max_size=8), typed=text)
def test_likeness_is_the_weighted_cosine(texts: list[str], typed: str) -> None:
    # Every character is known, so that no n-gram is cut.
    texts = [*texts, "abcä +"]
    found = NgramIndex.build(texts, SIZES).score(typed)
    np.testing.assert_allclose(found, likeness(typed, texts), atol=1e-5)


@given(texts=st.lists(text.filter(bool), min_size=1, max_size=8))
def test_a_text_is_most_like_itself(texts: list[str]) -> None:
    index = NgramIndex.build(texts, SIZES)
    for place, one in enumerate(texts):
        scores = index.score(one)
        assert math.isclose(scores[place], 1, abs_tol=1e-5)
        assert scores.max() <= 1 + 1e-5


def test_strange_characters_and_empty_indexes_are_like_nothing() -> None:
    assert not NgramIndex.build([]).score("a").size
    assert not NgramIndex.build(["hitsaaja"]).score("漢字").any()
    assert not NgramIndex.build(["", ""]).score("hitsaaja").any()
