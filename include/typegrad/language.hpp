// SPDX-License-Identifier: BSL-1.0
// Texts, in tg::language: tokens of WordPiece with their places, batches of them with masks, tagged sentences
// and their tags, bags of words and of letters. Needs nothing else of the library.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/text/conll.hpp"
#include "learn/text/encoding.hpp"
#include "learn/text/ngrams.hpp"
#include "learn/text/tag_numbers.hpp"
#include "learn/text/tags.hpp"
#include "learn/text/word_piece.hpp"

#include "support/compiler/end.hpp"
