// SPDX-License-Identifier: BSL-1.0
// A small writer of SVG pictures: shapes and text in page coordinates, and a file that is either whole or not
// there.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

struct point {
  double x, y;
};

/// A number with one decimal, enough for a page in pixels.
inline std::string pixels(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string_view shown = text;
  if (shown.ends_with(".0")) shown.remove_suffix(2);
  return std::string(shown == "-0" ? "0" : shown);
}

/// Text as XML allows it.
inline std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text)
    safe += c == '<'   ? "&lt;"
            : c == '>' ? "&gt;"
            : c == '&' ? "&amp;"
            : c == '"' ? "&quot;"
                       : std::string(1, c);
  return safe;
}

/// The page. `style` everywhere is SVG presentation attributes, such as `fill="none" stroke="#345"`.
class svg_page {
 public:
  svg_page(double width, double height, std::string_view title) {
    body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + pixels(width) + ' ' +
            pixels(height) + "\" width=\"" + pixels(width) + "\" height=\"" + pixels(height) +
            "\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', "
            "sans-serif\">\n<title>" +
            escaped(title) + "</title>\n";
  }

  void rectangle(point corner, double width, double height, std::string_view style) {
    body_ += "<rect x=\"" + pixels(corner.x) + "\" y=\"" + pixels(corner.y) + "\" width=\"" + pixels(width) +
             "\" height=\"" + pixels(height) + "\" " + std::string(style) + "/>\n";
  }

  void line(point from, point to, std::string_view style) {
    path("M" + pair(from) + "L" + pair(to), "fill=\"none\" " + std::string(style));
  }

  /// A line through all points; `close` joins the last to the first.
  void polyline(const std::vector<point>& points, std::string_view style, bool close = false) {
    std::string data;
    for (const point& p : points) data += (data.empty() ? 'M' : 'L') + pair(p);
    path(data + (close ? "Z" : ""), style);
  }

  /// A round dot at each point: strokes of no length with round caps, a tenth of the size of as many circles.
  void dots(const std::vector<point>& points, double diameter, std::string_view color, double opacity) {
    std::string data;
    for (const point& p : points) data += 'M' + pair(p) + "h0";
    path(data, "fill=\"none\" stroke=\"" + std::string(color) + "\" stroke-opacity=\"" + pixels(opacity) +
                   "\" stroke-width=\"" + pixels(diameter) + "\" stroke-linecap=\"round\"");
  }

  void text(point at, std::string_view words, std::string_view style, double turned = 0) {
    body_ += "<text x=\"" + pixels(at.x) + "\" y=\"" + pixels(at.y) + "\" " + std::string(style);
    if (turned != 0) body_ += " transform=\"rotate(" + pixels(turned) + ' ' + pair(at) + ")\"";
    body_ += '>' + escaped(words) + "</text>\n";
  }

  /// Writes the page. It appears under its name only when complete; throws std::runtime_error with a sentence
  /// otherwise.
  void save(const std::string& path) const {
    namespace fs = std::filesystem;
    const std::string unfinished = path + ".unfinished";
    const auto give_up = [&] {
      std::error_code ignored;
      fs::remove(unfinished, ignored);
      return std::runtime_error(
          path + " cannot be written: check that its folder exists, is writable and has room.");
    };
    std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
    file << body_ << "</svg>\n";
    file.close();
    std::error_code error;
    if (!file.fail()) fs::rename(unfinished, path, error);
    if (file.fail() || error) throw give_up();
  }

 private:
  static std::string pair(point p) { return pixels(p.x) + ' ' + pixels(p.y); }

  void path(const std::string& data, std::string_view style) {
    body_ += "<path d=\"" + data + "\" " + std::string(style) + "/>\n";
  }

  std::string body_;
};

}  // namespace demo
