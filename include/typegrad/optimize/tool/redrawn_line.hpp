// SPDX-License-Identifier: BSL-1.0
// A line of text on a stream that is drawn again in its place until it is final.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <iostream>
#include <ostream>
#include <string>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace tg::detail {

/// Whether what is written to the stream is read by a person at once.
inline bool is_terminal(const std::ostream& out) {
#if __has_include(<unistd.h>)
  if (out.rdbuf() == std::cout.rdbuf()) return isatty(1) != 0;
  if (out.rdbuf() == std::cerr.rdbuf() || out.rdbuf() == std::clog.rdbuf()) return isatty(2) != 0;
#endif
  return false;
}

/// Refers to the stream.
class redrawn_line {
 public:
  redrawn_line(std::ostream& out, bool redrawn) : out_(out), redrawn_(redrawn) {}

  /// Whether lines that are not final are of use.
  bool redrawn() const { return redrawn_; }
  void show(const std::string& line, bool is_final) {
    if (redrawn_) out_ << '\r';
    out_ << line;
    if (redrawn_ && line.size() < drawn_) out_ << std::string(drawn_ - line.size(), ' ');
    drawn_ = is_final ? 0 : line.size();
    if (is_final)
      out_ << '\n';
    else
      out_.flush();
  }

 private:
  std::ostream& out_;
  bool redrawn_;
  std::size_t drawn_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
