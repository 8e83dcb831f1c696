// SPDX-License-Identifier: BSL-1.0
// A chart: a rectangle of a page with two axes (the vertical one linear or logarithmic), ticks at round
// numbers, a grid, and data drawn in the units of the axes.
#pragma once

#include <algorithm>
#include <array>
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

/// The next of 1, 2 and 5 times a power of ten, down or up.
inline double round_number(double value, bool up) {
  const double power = std::pow(10, std::floor(std::log10(value) + 1e-9));
  for (const double factor : {1.0, 2.0, 5.0})
    if (up && factor * power >= value * (1 - 1e-9)) return factor * power;
  if (up) return 10 * power;
  return (value >= 5 * power ? 5 : value >= 2 * power ? 2 : 1) * power;
}

/// The range of the heights of some curves, for a logarithmic axis.
inline range logarithmic_range(const std::vector<std::vector<point>>& curves) {
  range all{curves.front().front().y, curves.front().front().y};
  for (const auto& curve : curves)
    for (const point& p : curve) all = {std::min(all.low, p.y), std::max(all.high, p.y)};
  return {round_number(all.low, false), round_number(all.high, true)};
}

/// A function as points, `pieces` + 1 of them.
inline std::vector<point> sampled(const auto& function, range x, std::size_t pieces) {
  std::vector<point> result;
  for (std::size_t i = 0; i <= pieces; ++i) {
    const double at = x.low + (x.high - x.low) * static_cast<double>(i) / static_cast<double>(pieces);
    result.push_back({at, function(at)});
  }
  return result;
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
inline constexpr std::string_view ink = "#1f2933", quiet = "#66707a", grid = "#e4e7eb", data = "#5b84b1",
                                  fit = "#c2410c", band = "#fde8d7", faint_band = "#f3f4f6";
/// For several curves in one chart, to be told apart by people who are colour-blind as well. Source: Okabe
/// and Ito 2008.
inline constexpr std::array<std::string_view, 6> series{"#0072b2", "#d55e00", "#009e73",
                                                        "#cc79a7", "#e69f00", "#56b4e9"};
}  // namespace color

/// How numbers become heights.
enum class scale { linear, logarithmic };

class chart {
 public:
  chart(svg_page& page, point corner, double width, double height, range x, range y,
        scale heights = scale::linear)
      : page_(page),
        corner_(corner),
        width_(width),
        height_(height),
        x_(x),
        y_(y),
        heights_(heights),
        legend_(corner) {}

  point place(double x, double y) const {
    const double low = stretched(y_.low), high = stretched(y_.high);
    return {corner_.x + (x - x_.low) / (x_.high - x_.low) * width_,
            corner_.y + (high - stretched(y)) / (high - low) * height_};
  }

  void title(std::string_view words, std::string_view remark = "") {
    page_.text({corner_.x, corner_.y - 12}, words, style(15, color::ink, "start") + " font-weight=\"bold\"");
    if (!remark.empty())
      page_.text({corner_.x + width_, corner_.y - 12}, remark, style(13, color::quiet, "end"));
  }

  /// Grid, ticks at round numbers and labels along both sides; call before the data, so that it lies
  /// underneath.
  void axes(std::string_view x_label, std::string_view y_label, int x_ticks, int y_ticks) {
    const double step = tick_step(x_, x_ticks);
    for (double x = std::ceil(x_.low / step - 1e-9) * step; x <= x_.high + step * 1e-9; x += step)
      x_tick(x, tick_label(x, step));
    y_axis(y_label, y_ticks);
    bottom(x_label);
  }

  void y_axis(std::string_view label, int ticks) {
    if (heights_ == scale::logarithmic) {  // ticks at 1, 2 and 5 times powers of ten; at the powers alone
                                           // where those are enough
      const bool few = y_.high / y_.low > 1e4;
      for (double power = std::floor(std::log10(y_.low) + 1e-9); std::pow(10, power) <= y_.high * (1 + 1e-9);
           ++power)
        for (const double factor : {1.0, 2.0, 5.0}) {
          const double y = factor * std::pow(10, power);
          if (y >= y_.low * (1 - 1e-9) && y <= y_.high * (1 + 1e-9) && (factor == 1 || !few))
            y_tick(y, std::pow(10, power));
        }
    } else {
      const double step = tick_step(y_, ticks);
      for (double y = std::ceil(y_.low / step - 1e-9) * step; y <= y_.high + step * 1e-9; y += step)
        y_tick(y, step);
    }
    page_.text({corner_.x - 52, corner_.y + height_ / 2}, label, style(13, color::ink, "middle"), -90);
  }

  void y_tick(double y, double step) {
    page_.line(place(x_.low, y), place(x_.high, y), stroke(color::grid, 1));
    const point at = place(x_.low, y);
    page_.text({at.x - 9, at.y + 4.5}, tick_label(y, step), style(13, color::quiet, "end"));
  }

  void x_tick(double x, std::string_view label) {
    page_.line(place(x, y_.low), place(x, y_.high), stroke(color::grid, 1));
    const point at = place(x, y_.low);
    page_.line(at, {at.x, at.y + 5}, stroke(color::quiet, 1));
    page_.text({at.x, at.y + 20}, label, style(13, color::quiet, "middle"));
  }

  void bottom(std::string_view label) {
    page_.line(place(x_.low, y_.low), place(x_.high, y_.low), stroke(color::quiet, 1));
    if (!label.empty())
      page_.text({corner_.x + width_ / 2, corner_.y + height_ + 40}, label, style(13, color::ink, "middle"));
  }

  void dots(const std::vector<point>& data, double diameter, std::string_view hue, double opacity) {
    page_.dots(placed(data), diameter, hue, opacity);
  }

  void curve(const std::vector<point>& data, std::string_view hue, double thickness,
             std::string_view dashes = "") {
    page_.polyline(placed(data), "fill=\"none\" stroke-linejoin=\"round\" " + stroke(hue, thickness, dashes));
  }

  void horizontal_band(double low, double high, std::string_view hue) {
    const point top = place(x_.low, high), bottom = place(x_.high, low);
    page_.rectangle(top, bottom.x - top.x, bottom.y - top.y, "fill=\"" + std::string(hue) + "\"");
  }

  /// The area between two curves with the same x.
  void band(const std::vector<point>& low, const std::vector<point>& high, std::string_view hue) {
    std::vector<point> outline = placed(low);
    for (std::size_t i = high.size(); i-- > 0;) outline.push_back(place(high[i].x, high[i].y));
    page_.polyline(outline, "stroke=\"none\" fill=\"" + std::string(hue) + '"', true);
  }

  /// Where the legend begins, from the top left in shares of the chart's width and height.
  void legend_at(double right, double down) {
    legend_ = {corner_.x + right * width_, corner_.y + down * height_};
  }

  /// A line of the legend inside the chart, `row` from its top: a stroke, or dots where `thickness` is 0, and
  /// its meaning. A stroke of 10 or more stands for a band.
  void legend(int row, std::string_view words, std::string_view hue, double thickness,
              std::string_view dashes = "") {
    const double y = legend_.y + 20 + 22 * row, x = legend_.x + 18;
    if (thickness > 0)
      page_.line({x, y}, {x + 30, y}, stroke(hue, thickness, dashes));
    else
      page_.dots({{x + 5, y}, {x + 15, y}, {x + 25, y}}, 5, hue, 1);
    page_.text({x + 40, y + 4.5}, words, style(13, color::ink, "start"));
  }

  static std::string style(int size, std::string_view hue, std::string_view anchor) {
    return "font-size=\"" + std::to_string(size) + "\" fill=\"" + std::string(hue) + "\" text-anchor=\"" +
           std::string(anchor) + '"';
  }

  static std::string stroke(std::string_view hue, double thickness, std::string_view dashes = "") {
    std::string words = "stroke=\"" + std::string(hue) + "\" stroke-width=\"" + pixels(thickness) + '"';
    return dashes.empty() ? words : words + " stroke-dasharray=\"" + std::string(dashes) + '"';
  }

 private:
  double stretched(double y) const { return heights_ == scale::logarithmic ? std::log10(y) : y; }

  std::vector<point> placed(const std::vector<point>& data) const {
    std::vector<point> result;
    for (const point& p : data) result.push_back(place(p.x, p.y));
    return result;
  }

  svg_page& page_;
  point corner_;
  double width_, height_;
  range x_, y_;
  scale heights_;
  point legend_;
};

/// A white page with a heading and a line under it, for charts that begin at x = `left`.
inline svg_page headed_page(double width, double height, double left, std::string_view heading,
                            std::string_view subtitle) {
  svg_page page(width, height, heading);
  page.rectangle({0, 0}, width, height, "fill=\"#ffffff\"");
  page.text({left, 46}, heading, chart::style(25, color::ink, "start") + " font-weight=\"bold\"");
  page.text({left, 73}, subtitle, chart::style(15, color::quiet, "start"));
  return page;
}

}  // namespace demo
