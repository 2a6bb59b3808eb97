"""A base checkpoint so small that a test trains it in a second, and changes to train it on."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertModel

from riskbot.learn.train.data import Sample

TEXT = "fix pool http src py return import def if else raise try except eval open close x y z 1 2 3"
WORDS = TEXT.split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def tiny_base(folder: Path, **told: object) -> str:
    """Write a random BERT of 2 layers and 32 hidden units, with a tokenizer of a few words."""
    vocabulary = {word: at for at, word in enumerate([*SPECIAL, *"+-.:()=", *WORDS])}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    torch.manual_seed(3)
    config = BertConfig(
        **{
            "vocab_size": len(vocabulary),
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 64,
            "max_position_embeddings": 128,
        }
        | told
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return str(folder)


def texts(dice: random.Random, *, bad: bool = False, longest: int = 12) -> tuple[str, str]:
    """Write a chunk; a bad one adds ``eval``."""
    lines = []
    for _ in range(dice.randint(1, longest)):
        words = [dice.choice(WORDS[:13]) for _ in range(dice.randint(1, 6))]
        lines.append(dice.choice(["[ADD] ", "[DEL] ", "[CTX] "]) + " ".join(words + ["eval"] * bad))
    return f"fix pool : src http . py {dice.randint(1, 3)}", " ".join(lines)


def changes(many: int, seed: int = 1, most: int = 5) -> list[Sample]:
    """Make changes of 1 to ``most`` chunks, about half of them bad."""
    dice = random.Random(seed)
    made = []
    for at in range(many):
        bad = dice.random() < 0.5
        chunks = [texts(dice, bad=bad) for _ in range(dice.randint(1, most))]
        hunks = [dice.randint(0, 2) for _ in chunks]
        offset, weight = dice.uniform(-1, 1), dice.choice([0.5, 1.0, 2.0])
        made.append(Sample(f"c{seed}-{at}", chunks, float(bad), offset, weight, hunks))
    return made
