// SPDX-License-Identifier: BSL-1.0
// The sentence with which a call of a function of arrays is refused.
#pragma once

#include <string>
#include <typegrad/array.hpp>

#include "sentence.hpp"

/// What the exception of a call says; nothing if there is none.
template <class Exception = tg::unfit_array>
std::string refusal(auto call) {
  return sentence_of<Exception>(call);
}
