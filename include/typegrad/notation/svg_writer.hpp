// SPDX-License-Identifier: BSL-1.0
// What pictures are written with: boxes, lines and texts as SVG, and how wide a text is.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace tg::detail {

/// 1234567 as 1,234,567.
inline std::string with_separators(std::int64_t v) {
  std::string all = std::to_string(v);
  for (std::size_t at = all.size(); at > 3 + (v < 0); at -= 3) all.insert(at - 3, ",");
  return all;
}
inline std::string bytes_text(std::int64_t bytes) {
  char text[32];
  const auto size = static_cast<double>(bytes);
  if (bytes < 10000)
    std::snprintf(text, sizeof text, "%.0f B", size);
  else if (bytes < 10000000)
    std::snprintf(text, sizeof text, "%.1f kB", size / 1e3);
  else
    std::snprintf(text, sizeof text, "%.1f MB", size / 1e6);
  return text;
}
/// About how wide a text is in Helvetica, Arial or the like; rather more than less.
inline double text_width(std::string_view text, double size) {
  double units = 0;
  for (char c : text)
    units += std::string_view(" .,:;'|!()[]/ijltfrI").find(c) != std::string_view::npos ? 0.36
             : std::string_view("mwMW@%").find(c) != std::string_view::npos             ? 0.9
             : (c >= 'A' && c <= 'Z') || c == '+' || c == '=' || c == '<' || c == '>'   ? 0.7
                                                                                        : 0.58;
  return units * size;
}

class svg_writer {
 public:
  svg_writer(double width, double height) {
    const std::string w = number(width), h = number(height);
    all_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
           "\" viewBox=\"0 0 " + w + " " + h +
           "\" font-family=\"Helvetica, Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" "
           "fill=\"#ffffff\"/>\n";
  }
  void line(double x0, double y0, double x1, double y1, std::string_view colour, bool dashed = false) {
    put("<line x1=\"", x0, "\" y1=\"", y0, "\" x2=\"", x1, "\" y2=\"", y1, "\" stroke=\"", colour,
        dashed ? "\" stroke-dasharray=\"5 3\"/>\n" : "\"/>\n");
  }
  /// `title` is shown when the pointer rests on it.
  void box(double x, double y, double width, double height, std::string_view fill, std::string_view title,
           std::string_view edge = "none", double round = 2) {
    put("<rect x=\"", x, "\" y=\"", y, "\" width=\"", width, "\" height=\"", height, "\" rx=\"", round,
        "\" fill=\"", fill, "\" stroke=\"", edge, "\">");
    put_title(title);
    all_ += "</rect>\n";
  }
  void text(double x, double y, std::string_view text, std::string_view anchor, double size,
            std::string_view colour, std::string_view title = {}, bool over_lines = false) {
    put("<text x=\"", x, "\" y=\"", y, "\" text-anchor=\"", anchor, "\" font-size=\"", size, "\" fill=\"",
        colour, over_lines ? "\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">" : "\">");
    put_title(title);
    all_ += escaped(text);
    all_ += "</text>\n";
  }
  /// A curve from one point down to another.
  void curve(double x0, double y0, double x1, double y1, std::string_view colour) {
    const double middle = (y0 + y1) / 2;
    put("<path d=\"M ", x0, " ", y0, " C ", x0, " ", middle, ", ", x1, " ", middle, ", ", x1, " ", y1,
        "\" fill=\"none\" stroke=\"", colour, "\"/>\n");
  }
  /// A line through points, in the form "x,y x,y".
  void polyline(std::string_view points, std::string_view colour) {
    put("<polyline points=\"", points, "\" fill=\"none\" stroke-width=\"1.8\" stroke=\"", colour, "\"/>\n");
  }
  static std::string escaped(std::string_view text) {
    std::string all;
    for (char c : text) all += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return all;
  }
  static std::string number(double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", v);
    std::string all = text;
    return all.ends_with(".0") ? all.substr(0, all.size() - 2) : all;
  }
  std::string finish() const { return all_ + "</svg>\n"; }

 private:
  template <class... Part>
  void put(const Part&... parts) {
    (put_one(parts), ...);
  }
  void put_one(std::string_view part) { all_ += part; }
  void put_one(double v) { all_ += number(v); }
  void put_title(std::string_view title) {
    if (title.empty()) return;
    all_ += "<title>";
    all_ += escaped(title);
    all_ += "</title>";
  }
  std::string all_;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
