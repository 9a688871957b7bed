"""The first tier of the topic tagger: what is certainly off-topic never reaches the transformer.

Over 99% of what the press publishes has nothing to do with the topics, and words alone tell most of
it. Two things are asked of a passage, cheapest first:

- Does it speak of anything that the rules of the internet are about, and of a rule, a sanction or
  an authority? (`gate_words.toml`, a wide list in both languages.) Without a subject it is out.
- Does a linear model of its words and pairs, fitted on the configured topics, hold it possible?
  (`gate_model`; its threshold comes from cross-validation.) What the list says shifts its score.

A topic of another field, whose own descriptions and examples the list does not find, is judged by a
model fitted on that topic alone; where it has too few texts for that, everything is let through,
and so is a language that none of the examples is in. What readers label as relevant although it was
rejected makes a sieve of its own: else no label could ever bring back what the gate throws out.
What speaks of other countries only (`countries`) is rejected in every case: the tagger would not
tag it.

Words beat static embeddings of the same model here; `benchmarks/cascade.py` compares them.
"""

import hashlib
import json
import logging
import math
import tomllib
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import zip_longest
from typing import Protocol

from monitor import countries, gate_model, topic_examples
from monitor.gate_model import WordModel
from monitor.gate_terms import MOST_CHARACTERS, Terms, words_of
from monitor.passages import Passage
from monitor.topic_examples import Topic
from monitor.topic_head import Example

# Raised whenever the same topics would give another choice.
METHOD = 1
# The transformer's time goes with the words. Measured on whole articles: one passage loses a tenth
# of the on-topic ones, two lose none, and more add more wrong tags than right ones.
PASSAGES = 2
# What a term that seldom means anything else adds to a text's score, and what a subject of which
# no rule, sanction or authority is named takes off: chosen on a sample of a real stream.
CERTAIN = 1.5
NO_ACT = -1.0
# The share of on-topic texts not seen in fitting that may fall below the threshold.
LOSS = 0.015
# A topic is left to the word list that finds nearly all its texts, if it has enough to tell.
COVERED = 0.8
ENOUGH_TO_COVER = 12
# A topic of its own model needs this many texts, and stays this far below the least of them.
ENOUGH_TO_JUDGE = 10
OWN_MARGIN = 0.25
# Of fewer labelled texts that were rejected nothing general can be learned.
ENOUGH_TO_TEACH = 5
# Labels are often of texts much alike, which makes cross-validation too sure of itself: what they
# let through is at least what scores this. Of a real stream it is less than one item in a thousand.
TAUGHT_LEVEL = -1.25
REJECTED = -math.inf
# Of the words of a text in a language of the examples, at least this share stands in them: on a
# real stream in 99.9% of the items; in French, German or Indonesian a quarter and less.
KNOWN_WORDS = 0.3

log = logging.getLogger("decreewatch.topics")


class Gate(Protocol):
    """Chooses what the transformer reads.

    Attributes:
        version: equal versions choose alike.
    """

    @property
    def version(self) -> str:
        """Names method and content."""

    def choose(self, articles: Sequence[Sequence[Passage]]) -> list[tuple[int, ...]]:
        """Return for each article the places of the passages that deserve the transformer.

        The best comes first, a headline before a body; () rejects the article.
        """

    def taught(self, lessons: Sequence[Example]) -> "Gate":
        """Return a gate that lets through what is like the relevant ones of these texts too."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What lets the texts of some topics through.

    Attributes:
        model: scores a text; None where too little is known, and all is let through.
        listed: whether the word list has its say.
    """

    model: WordModel | None
    listed: bool

    def score(self, words: Sequence[str], kinds: Set[str]) -> float:
        """Return how far a text lies above what is let through; below 0: rejected.

        Args:
            words: the text's.
            kinds: those of the word list's terms in it.
        """
        if self.model is None:
            return 0.0
        if not self.listed:
            return self.model.score(words) + OWN_MARGIN
        if "certain" in kinds:
            return self.model.score(words) + CERTAIN
        if "subject" not in kinds:
            return REJECTED
        return self.model.score(words) + (0.0 if "act" in kinds else NO_ACT)


@dataclass(frozen=True, slots=True)
class WordGate:
    """A gate of words; see the module.

    Attributes:
        version: names method and content.
        terms: the word list.
        known: all words of the examples.
        off: the off-topic examples.
        sieves: a text goes through where one of them lets it.
        most: of how many passages of an article the transformer reads at the most.
    """

    version: str
    terms: Terms
    known: frozenset[str]
    off: tuple[str, ...]
    sieves: tuple[Sieve, ...]
    most: int

    def taught(self, lessons: Sequence[Example]) -> "WordGate":
        """Return a gate that lets through what is like the relevant ones of these texts too.

        It is this one where they are let through already, or are too few to learn from.
        """
        missed = sorted({one.text for one in lessons if one.relevant and self._rejects(one.text)})
        if len(missed) < ENOUGH_TO_TEACH:
            return self
        unwanted = {one.text for one in lessons if one.relevant is False}
        off = tuple(sorted({*self.off, *unwanted} - set(missed)))
        digest = hashlib.sha256(json.dumps([missed, off], ensure_ascii=False).encode())
        return replace(
            self,
            version=f"{self.version}+{digest.hexdigest()[:8]}",
            sieves=(*self.sieves, _taught_by(missed, off)),
        )

    def _rejects(self, text: str) -> bool:
        return max(self._scores(text), default=REJECTED) < 0

    def choose(self, articles: Sequence[Sequence[Passage]]) -> list[tuple[int, ...]]:
        """Return for each article the places of the passages that deserve the transformer.

        The best comes first, a headline before a body; () rejects the article. Each sieve has its
        best `most`, so that topics of two fields do not crowd each other out; one that can't judge
        has all.
        """
        return [self._chosen(parts) for parts in articles]

    def _chosen(self, parts: Sequence[Passage]) -> tuple[int, ...]:
        ranked: list[list[tuple[bool, float, int]]] = [[] for _ in self.sieves]
        for place, part in enumerate(parts):
            scores = self._scores(part.text)
            if max(scores, default=REJECTED) >= 0 and _is_home(part):
                for own, score in zip(ranked, scores, strict=True):
                    if score >= 0:
                        own.append((part.is_body, -score, place))
        best = [
            [place for *_, place in sorted(own)[: self.most if sieve.model else None]]
            for own, sieve in zip(ranked, self.sieves, strict=True)
        ]
        places = dict.fromkeys(place for row in zip_longest(*best) for place in row)
        places.pop(None, None)
        return tuple(sorted(places, key=lambda place: parts[place].is_body))

    def _scores(self, text: str) -> list[float]:
        """Return how far a text lies above what each sieve lets through; below 0: rejected."""
        words = words_of(text)
        if not words:
            return []
        kinds = self.terms.kinds_in(words)
        scores = [sieve.score(words, kinds) for sieve in self.sieves]
        if max(scores, default=REJECTED) >= 0:
            return scores
        different = set(words)
        is_read = len(different & self.known) >= KNOWN_WORDS * len(different)
        return [] if is_read else [0.0] * len(self.sieves)


def fit(topics: Sequence[Topic], *, most: int = PASSAGES) -> WordGate:
    """Fit a gate on the topics' descriptions and examples and the shipped background.

    Args:
        topics: those that the tagger knows.
        most: of how many passages of an article the transformer reads at the most.

    Raises:
        TopicUnclear: a topic has neither a description nor an example.
    """
    lists = tomllib.loads(files("monitor").joinpath("gate_words.toml").read_text(encoding="utf-8"))
    terms = Terms(lists)
    examples = topic_examples.gathered(topics, ())
    off = sorted({one.text for one in examples if one.relevant is False})
    texts_of = {
        topic.id: sorted({one.text for one in examples if topic.id in one.topics})
        for topic in topics
    }
    covered = {name for name, texts in texts_of.items() if _is_covered(terms, texts)}
    shared = sorted({text for name in covered for text in texts_of[name]})
    sieves = [Sieve(gate_model.fit(shared, off, loss=LOSS), listed=True)] if shared else []
    for name in sorted(texts_of.keys() - covered):
        others = {one.text for one in examples if one.topics and name not in one.topics}
        sieves.append(_own_sieve(name, texts_of[name], [*off, *sorted(others)]))
    known = frozenset(word for one in examples for word in words_of(one.text))
    chosen_by = [METHOD, most, CERTAIN, NO_ACT, LOSS, OWN_MARGIN, KNOWN_WORDS]
    facts = [chosen_by, lists, texts_of, off, sorted(known)]
    digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
    version = f"words-{METHOD}-{digest.hexdigest()[:8]}"
    return WordGate(version, terms, known, tuple(off), tuple(sieves), most)


def _is_covered(terms: Terms, texts: Sequence[str]) -> bool:
    kinds = [terms.kinds_in(words_of(text)) for text in texts]
    found = sum("certain" in one or {"subject", "act"} <= one for one in kinds)
    return len(texts) >= ENOUGH_TO_COVER and found >= COVERED * len(texts)


def _own_sieve(name: str, own: Sequence[str], others: Sequence[str]) -> Sieve:
    if len(own) < ENOUGH_TO_JUDGE:
        log.warning(
            "topic %r has %d descriptions and examples, too few to tell by words what it is not "
            "about: the model reads every article in full; give it %d in config.toml, in both "
            "languages, and reading gets many times faster",
            name,
            len(own),
            ENOUGH_TO_JUDGE,
        )
        return Sieve(None, listed=False)
    return Sieve(gate_model.fit(own, others, loss=0.0), listed=False)


def _taught_by(wanted: Sequence[str], unwanted: Sequence[str]) -> Sieve:
    model = gate_model.fit(wanted, unwanted, loss=0.0)
    return Sieve(replace(model, threshold=min(model.threshold, TAUGHT_LEVEL)), listed=False)


def _is_home(part: Passage) -> bool:
    """Tell whether a passage may be about Vietnam.

    By the mildest rule of `countries`, that of a Vietnamese text, whatever the language: that can't
    always be told from a headline.
    """
    about, text = part.about[:MOST_CHARACTERS], part.in_context()[:MOST_CHARACTERS]
    return countries.is_home(f"{about} {text}", "vi")
