// SPDX-License-Identifier: BSL-1.0
// Reads the parameters of tg::bert from the files in which Hugging Face's models are published.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <string>
#include <string_view>

#include "save_tensors.hpp"

namespace tg {

/// Reads the parameters of a model that are named as those of Hugging Face's BertModel, `embeddings...`,
/// `encoder...` and `pooler...`, from its file of tensors, where a name may have the prefix `bert.`, and an
/// old one ends in gamma or beta. `part` is the part of the model in which they are, if it has a name. All
/// others, as those of a classifier, stay as they are, and what else the file has is left alone. Throws
/// tg::bad_file, and leaves the vector as it is, if one is missing or has another shape.
template <class Parameters, class V>
requires requires { Parameters::parts; }
void load_bert(const std::string& path, const Parameters& parameters, V&& vector, std::string_view part = {},
               bool rounding = false) {
  tensor_file file(path);
  const std::string within = part.empty() ? "" : std::string(part) + ".",
                    prefix = file.find("bert.embeddings.word_embeddings.weight") != nullptr ? "bert." : "";
  std::size_t count = 0;
  const auto name_in = [&](const std::string& name) -> std::string {
    if (!name.starts_with(within)) return "";
    const std::string own = name.substr(within.size());
    if (!own.starts_with("embeddings.") && !own.starts_with("encoder.") && !own.starts_with("pooler."))
      return "";
    ++count;
    const std::string norm = "LayerNorm.", now = prefix + own;
    if (const std::size_t at = now.rfind(norm); at != std::string::npos && file.find(now) == nullptr) {
      const std::string old = now.substr(0, at + norm.size()) + (now.ends_with("weight") ? "gamma" : "beta");
      if (file.find(old) != nullptr) return old;
    }
    return now;
  };
  detail::load_named(file, parameters, vector, rounding, name_in, [&](const auto&) {
    if (count == 0)
      detail::refuse_bytes(path, "would give nothing: no parameter of the model is one of BERT in the part " +
                                     detail::in_quotes(part));
  });
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
