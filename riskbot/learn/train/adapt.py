"""Adapt the base to diffs before fine-tuning: masked-language modelling (Devlin et al. 2019, section 3.1).

Of the tokens of each chunk, except the marks, a share is hidden and to be guessed. What is written is a
checkpoint that ``finetune`` takes as its base. Whether it helps is to be measured: a replication on other
diffs found no gain.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from transformers import (
    AutoModelForMaskedLM,
    DataCollatorForLanguageModeling,
    PreTrainedTokenizerFast,
    set_seed,
)

from riskbot.assess.chunks import MARKS
from riskbot.domain.errors import UsageError
from riskbot.learn.train.base import TOKENIZER, load_tokenizer
from riskbot.learn.train.encoder import load_base
from riskbot.learn.train.keeper import CHECKPOINTS, Keeper, Pace, Progress, Record, arguments, resumable
from riskbot.learn.train.schedule import Clock
from riskbot.learn.train.tokens import Tokens, tokenize
from riskbot.learn.train.trainer import PacedTrainer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

REPORT = "adapt.json"


@dataclass(frozen=True, slots=True)
class AdaptConfig(Pace):
    """How to adapt, beyond :class:`Pace`: ``hidden`` is the share of tokens to be guessed.

    There is no accumulation: the loss of transformers' masked-language models is a mean over one batch.
    """

    learning_rate: float = 1e-4
    hidden: float = 0.15

    def __post_init__(self) -> None:
        if self.accumulate != 1:
            raise UsageError("Adapting accumulates no gradients.", mend="Leave accumulate at 1.")


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it; ``loss`` is the mean cross-entropy of the hidden tokens over the run, in nats."""

    steps: int
    minutes: float
    chunks: int
    loss: float


class Texts(torch.utils.data.Dataset[dict[str, list[int]]]):
    """Rounds over the chunks as one sequence, shuffled by round; of each its tokens and which are special."""

    def __init__(self, tokens: Tokens, special: set[int], rounds: float, seed: int) -> None:
        self._tokens, self._special, self._seed = tokens, np.array(sorted(special)), seed
        self._count = len(tokens.starts) - 1
        self._length = max(1, round(rounds * self._count))
        self._order = (-1, np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at: int) -> dict[str, list[int]]:
        turn, place = divmod(at, self._count)
        if self._order[0] != turn:
            self._order = (turn, np.random.default_rng((self._seed, turn)).permutation(self._count))
        chunk = int(self._order[1][place])
        start, end = self._tokens.starts[chunk : chunk + 2]
        ids = self._tokens.ids[start:end]
        first = int(self._tokens.first[chunk])
        return {
            "input_ids": ids.tolist(),
            "token_type_ids": [0] * first + [1] * (len(ids) - first),
            "special_tokens_mask": np.isin(ids, self._special).astype(int).tolist(),
        }


def adapt(
    pairs: Sequence[tuple[str, str]],
    config: AdaptConfig,
    out: Path,
    progress: Callable[[Progress], None] | None = None,
    cache: Path | None = None,
) -> Adapted:
    """Adapt the base to chunks, and leave in ``out`` a checkpoint with its tokenizer, and ``adapt.json``.

    Killed and called again with the same, it goes on. Raises UsageError where there is no chunk,
    EvaluationError where the base cannot be loaded.
    """
    if not pairs:
        raise UsageError("There is no chunk to adapt the encoder to.", mend="Check what was mined.")
    if config.threads:
        torch.set_num_threads(config.threads)
    tokenizer = load_tokenizer(config.base)
    tokens = tokenize(pairs, tokenizer, cache)
    resume = resumable(out, config.fingerprint(tokens.key()))
    record = Record.of(resume)
    set_seed(config.seed)
    texts = Texts(tokens, specials(tokenizer), config.epochs, config.seed)
    clock = Clock(config.steps(len(texts)), config.max_minutes, record.seconds)
    model = load_base(AutoModelForMaskedLM, config.base, tokenizer)
    trainer = PacedTrainer(
        pace=config,
        clock=clock,
        model=model,
        args=arguments(config, out),
        train_dataset=texts,
        data_collator=collator(tokenizer, config.hidden),
        callbacks=[Keeper(config, clock, record, progress)],
    )
    result = trainer.train(resume_from_checkpoint=resume)
    done = Adapted(trainer.state.global_step, clock.seconds() / 60, len(pairs), result.training_loss)
    model.save_pretrained(out)
    tokenizer.save(str(out / TOKENIZER))
    told = json.dumps({"config": asdict(config), **asdict(done)}, indent=2)
    (out / REPORT).write_text(told + "\n", encoding="utf-8")
    shutil.rmtree(out / CHECKPOINTS)
    return done


def specials(tokenizer: Tokenizer) -> set[int]:
    """Give the tokens that are never hidden: the marks, and those that frame and fill a chunk."""
    known = {tokenizer.token_to_id(name) for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", *MARKS.values())}
    return {at for at in known if at is not None}


def collator(tokenizer: Tokenizer, hidden: float) -> DataCollatorForLanguageModeling:
    """Hide ``hidden`` of the tokens: four fifths become [MASK], a tenth any other token, a tenth stay."""
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", mask_token="[MASK]")  # noqa: S106
    return DataCollatorForLanguageModeling(wrapped, mlm_probability=hidden, pad_to_multiple_of=8)
