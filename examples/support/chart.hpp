// SPDX-License-Identifier: BSL-1.0
// A chart: a rectangle of a page with two linear axes, ticks at round numbers, a grid, and data drawn in the units of the axes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "svg.hpp"

namespace demo {

/// The numbers that an axis shows, from `low` to `high`.
struct range {
  double low, high;
};

/// The step of 1, 2 or 5 times a power of ten that cuts the range into at most `most` pieces.
inline double tick_step(range r, int most) {
  const double least = (r.high - r.low) / most, power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/// The range of some numbers, widened to whole steps.
inline range rounded_range(const std::vector<double>& numbers, int most) {
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  const double step = tick_step({*low, *high}, most);
  return {std::floor(*low / step) * step, std::ceil(*high / step) * step};
}

inline std::string tick_label(double value, double step) {
  char text[32];
  const int decimals = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value) < step * 1e-9 ? 0.0 : value);
  std::string label = text;
  if (label.front() == '-') label.replace(0, 1, "\xE2\x88\x92");  // a minus sign, not a hyphen
  return label;
}

/// Colours of all charts: chosen to differ in lightness too, so that they can be told apart without colour.
namespace color {
inline constexpr std::string_view ink = "#1f2933", quiet = "#66707a", grid = "#e4e7eb", data = "#5b84b1", fit = "#c2410c",
                                  band = "#fde8d7";
}

class chart {
 public:
  chart(svg_page& page, point corner, double width, double height, range x, range y)
      : page_(page), corner_(corner), width_(width), height_(height), x_(x), y_(y) {}

  point place(double x, double y) const {
    return {corner_.x + (x - x_.low) / (x_.high - x_.low) * width_, corner_.y + (y_.high - y) / (y_.high - y_.low) * height_};
  }

  void title(std::string_view words, std::string_view remark = "") {
    page_.text({corner_.x, corner_.y - 12}, words, style(15, color::ink, "start") + " font-weight=\"bold\"");
    if (!remark.empty()) page_.text({corner_.x + width_, corner_.y - 12}, remark, style(13, color::quiet, "end"));
  }

  /// Grid, ticks at round numbers and labels along both sides; call before the data, so that it lies underneath.
  void axes(std::string_view x_label, std::string_view y_label, int x_ticks, int y_ticks) {
    const double step = tick_step(x_, x_ticks);
    for (double x = std::ceil(x_.low / step - 1e-9) * step; x <= x_.high + step * 1e-9; x += step) x_tick(x, tick_label(x, step));
    y_axis(y_label, y_ticks);
    bottom(x_label);
  }

  void y_axis(std::string_view label, int ticks) {
    const double step = tick_step(y_, ticks);
    for (double y = std::ceil(y_.low / step - 1e-9) * step; y <= y_.high + step * 1e-9; y += step) {
      page_.line(place(x_.low, y), place(x_.high, y), stroke(color::grid, 1));
      const point at = place(x_.low, y);
      page_.text({at.x - 9, at.y + 4.5}, tick_label(y, step), style(13, color::quiet, "end"));
    }
    page_.text({corner_.x - 52, corner_.y + height_ / 2}, label, style(13, color::ink, "middle"), -90);
  }

  void x_tick(double x, std::string_view label) {
    page_.line(place(x, y_.low), place(x, y_.high), stroke(color::grid, 1));
    const point at = place(x, y_.low);
    page_.line(at, {at.x, at.y + 5}, stroke(color::quiet, 1));
    page_.text({at.x, at.y + 20}, label, style(13, color::quiet, "middle"));
  }

  void bottom(std::string_view label) {
    page_.line(place(x_.low, y_.low), place(x_.high, y_.low), stroke(color::quiet, 1));
    if (!label.empty()) page_.text({corner_.x + width_ / 2, corner_.y + height_ + 40}, label, style(13, color::ink, "middle"));
  }

  void dots(const std::vector<point>& data, double diameter, std::string_view hue, double opacity) {
    page_.dots(placed(data), diameter, hue, opacity);
  }

  void curve(const std::vector<point>& data, std::string_view hue, double thickness, std::string_view dashes = "") {
    page_.polyline(placed(data), "fill=\"none\" stroke-linejoin=\"round\" " + stroke(hue, thickness, dashes));
  }

  /// The area between two curves that are given at the same places.
  void band(const std::vector<point>& low, const std::vector<point>& high, std::string_view hue) {
    std::vector<point> outline = low;
    outline.insert(outline.end(), high.rbegin(), high.rend());
    page_.polyline(placed(outline), "stroke=\"none\" fill=\"" + std::string(hue) + "\"");
  }

  void horizontal_band(double low, double high, std::string_view hue) {
    const point top = place(x_.low, high), bottom = place(x_.high, low);
    page_.rectangle(top, bottom.x - top.x, bottom.y - top.y, "fill=\"" + std::string(hue) + "\"");
  }

  /// A line of the legend inside the chart, `row` from the top left: a stroke, or a dot where `thickness` is 0, and its meaning.
  void legend(int row, std::string_view words, std::string_view hue, double thickness, std::string_view dashes = "") {
    const double y = corner_.y + 20 + 22 * row, x = corner_.x + 18;
    if (thickness > 0)
      page_.line({x, y}, {x + 30, y}, stroke(hue, thickness, dashes));
    else
      page_.dots({{x + 5, y}, {x + 15, y}, {x + 25, y}}, 5, hue, 1);
    page_.text({x + 40, y + 4.5}, words, style(13, color::ink, "start"));
  }

  static std::string style(int size, std::string_view hue, std::string_view anchor) {
    return "font-size=\"" + std::to_string(size) + "\" fill=\"" + std::string(hue) + "\" text-anchor=\"" + std::string(anchor) +
           '"';
  }

  static std::string stroke(std::string_view hue, double thickness, std::string_view dashes = "") {
    std::string words = "stroke=\"" + std::string(hue) + "\" stroke-width=\"" + pixels(thickness) + '"';
    return dashes.empty() ? words : words + " stroke-dasharray=\"" + std::string(dashes) + '"';
  }

 private:
  std::vector<point> placed(const std::vector<point>& data) const {
    std::vector<point> result;
    for (const point& p : data) result.push_back(place(p.x, p.y));
    return result;
  }

  svg_page& page_;
  point corner_;
  double width_, height_;
  range x_, y_;
};

}  // namespace demo
