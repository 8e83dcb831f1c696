#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes test/data/tiny_bert.safetensors, a BertModel of Hugging Face's transformers with random numbers, as it is
# published, and test/data/tiny_bert_truth.safetensors, what it gives for a batch, in double, and its gradients, with
# which test/bert.cpp compares. Needs PyPI's torch, transformers and safetensors.
import pathlib

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

DATA = pathlib.Path(__file__).resolve().parent / "data"
torch.manual_seed(3)
generator = torch.Generator().manual_seed(3)
config = BertConfig(vocab_size=30, hidden_size=12, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16,
                    max_position_embeddings=10, type_vocab_size=2, attn_implementation="eager")
model = BertModel(config).eval()
for p in model.parameters():
    p.data = (torch.randn(p.shape, generator=generator) * 0.3).float()
save_file({name: p.data.contiguous() for name, p in model.named_parameters()}, DATA / "tiny_bert.safetensors")

model = model.double()
rows, time = 3, 6
tokens = torch.randint(0, 30, (rows, time), generator=generator)
mask = (torch.arange(time) < torch.tensor([6, 4, 1])[:, None]).long()
types = torch.randint(0, 2, (rows, time), generator=generator)
w, v = torch.randn(rows, time, 12, generator=generator), torch.randn(rows, 12, generator=generator)
# The place of padding_idx gets no slope in PyTorch; here it is a word as others.
model.embeddings.word_embeddings.padding_idx = None
out = model(input_ids=tokens, attention_mask=mask, token_type_ids=types)
loss = (w.double() * out.last_hidden_state).sum() + (v.double() * out.pooler_output).sum()
loss.backward()
truth = {"tokens": tokens.int(), "mask": mask.int(), "types": types.int(), "w": w, "v": v, "hidden": out.last_hidden_state,
         "pooled": out.pooler_output, "loss": loss.reshape(1)}
truth |= {"slopes." + name: p.grad.float() for name, p in model.named_parameters()}
save_file({name: each.detach().contiguous() for name, each in truth.items()}, DATA / "tiny_bert_truth.safetensors")
