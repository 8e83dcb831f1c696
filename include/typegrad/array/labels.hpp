// SPDX-License-Identifier: BSL-1.0
// The labels of contractions as text, "ij,jk->ik": read as a user writes them, with an ellipsis for the axes
// that are only carried along, and written as they stand in a type.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_rules.hpp"

namespace tg::detail {

/// The letters of labels in the order in which they are met.
inline constexpr std::string_view label_letters = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZ";

/// The attribute of a contraction as text; its length.
template <class Graph>
constexpr int write_labels(const Graph& graph, int attribute, char* to) {
  int letter[64], next = 0, end = 0, results = graph.element(attribute, 0).size;
  for (int& l : letter) l = -1;
  const auto put = [&](int label) {
    if (letter[label] < 0) letter[label] = next++;
    if (to != nullptr) to[end] = label_letters[static_cast<std::size_t>(letter[label])];
    ++end;
  };
  for (int at = results + 1; at < graph.rank(attribute);) {
    if (end > 0 && to != nullptr) to[end] = ',';
    if (end > 0) ++end;
    const int rank = graph.element(attribute, at++).size;
    for (int k = 0; k < rank; ++k) put(graph.element(attribute, at++).size);
  }
  if (to != nullptr) to[end] = '-', to[end + 1] = '>';
  end += 2;
  for (int k = 0; k < results; ++k) put(graph.element(attribute, k + 1).size);
  return end;
}

/// That text read back: the labels of the result are the first numbers, the others follow as they are met.
constexpr void read_labels(std::string_view text_of_labels, buffer<extent>& attribute) {
  int number[128], next = 0;
  for (int& n : number) n = -1;
  const std::size_t arrow = text_of_labels.find("->");
  const std::string_view result = text_of_labels.substr(arrow + 2);
  const auto put = [&](char letter) {
    int& n = number[static_cast<unsigned char>(letter)];
    if (n < 0) n = next++;
    attribute.push_back(as_extent(n));
  };
  attribute.clear();
  attribute.push_back(as_extent(static_cast<int>(result.size())));
  for (char letter : result) put(letter);
  for (std::size_t at = 0; at <= arrow;) {
    std::size_t end = at;
    while (end < arrow && text_of_labels[end] != ',') ++end;
    attribute.push_back(as_extent(static_cast<int>(end - at)));
    for (; at < end; ++at) put(text_of_labels[at]);
    ++at;
  }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
