// SPDX-License-Identifier: BSL-1.0
// The picture of the CO2 demo: the record with trend and fit, the residuals, the yearly cycle, and a closer
// look at the last years.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chart.hpp"
#include "co2_record.hpp"
#include "svg.hpp"

namespace demo {

/// Draws the picture. `fit` and `trend` map a decimal year to ppm; `deviation` is the standard deviation of
/// the residuals.
inline svg_page co2_picture(const co2_record& record, const auto& fit, const auto& trend, double deviation,
                            std::string_view subtitle) {
  constexpr double left = 84, width = 1080, half = 480;
  const std::size_t count = record.years.size();
  const range years{std::floor(record.years.front()), std::ceil(record.years.back())};
  std::vector<point> data, residuals, cycle;
  for (std::size_t i = 0; i < count; ++i) {
    const double year = record.years[i], ppm = record.ppm[i];
    data.push_back({year, ppm});
    residuals.push_back({year, ppm - fit(year)});
    cycle.push_back({year - std::floor(year), ppm - trend(year)});
  }
  const std::string first = tick_label(years.low, 1), last = tick_label(std::floor(record.years.back()), 1);

  svg_page page =
      headed_page(1200, 1210, left,
                  "Carbon dioxide in the air over Mauna Loa, " + first + "\xE2\x80\x93" + last, subtitle);

  chart record_chart(page, {left, 125}, width, 370, years, rounded_range(record.ppm, 8));
  record_chart.title("Weekly means, trend and fit");
  record_chart.axes("", "CO\xE2\x82\x82 (ppm)", 10, 8);
  record_chart.dots(data, 3.2, color::data, 0.8);
  record_chart.curve(sampled(fit, {record.years.front(), record.years.back()}, 4400), color::fit, 1.1);
  record_chart.curve(sampled(trend, {record.years.front(), record.years.back()}, 200), color::ink, 1.4,
                     "7 4");
  record_chart.legend(0, "weekly mean", color::data, 0);
  record_chart.legend(1, "fit", color::fit, 2);
  record_chart.legend(2, "its trend", color::ink, 1.4, "7 4");

  double largest = 0;
  for (const point& p : residuals) largest = std::max(largest, std::abs(p.y));
  const double reach = std::ceil(largest * 1.05);
  chart residual_chart(page, {left, 565}, width, 150, years, {-reach, reach});
  residual_chart.title("Residuals: weekly mean minus fit",
                       "shaded: \xC2\xB1"
                       "2 standard deviations");
  residual_chart.horizontal_band(-2 * deviation, 2 * deviation, color::band);
  residual_chart.axes("year", "ppm", 10, 4);
  residual_chart.dots(residuals, 3, color::data, 0.7);
  residual_chart.curve({{years.low, 0}, {years.high, 0}}, color::ink, 1);

  std::vector<double> heights;
  for (const point& p : cycle) heights.push_back(p.y);
  const range swing = rounded_range(heights, 6);
  chart cycle_chart(page, {left, 830}, half, 300, {0, 1}, swing);
  cycle_chart.title("The yearly cycle: trend taken away");
  cycle_chart.y_axis("ppm", 6);
  constexpr std::array months{"J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"};
  for (std::size_t month = 0; month < months.size(); ++month)
    cycle_chart.x_tick((static_cast<double>(month) + 0.5) / 12, months[month]);
  cycle_chart.bottom("month");
  cycle_chart.dots(cycle, 2.6, color::data, 0.5);
  const double whole = std::ceil(record.years.front()), final_year = std::floor(record.years.back());
  const auto season = [&](double year) {
    return [&, year](double x) { return fit(year + x) - trend(year + x); };
  };
  cycle_chart.curve(sampled(season(whole), {0, 1}, 180), color::ink, 2, "7 4");
  cycle_chart.curve(sampled(season(final_year), {0, 1}, 180), color::fit, 2.2);
  cycle_chart.legend(0, "fit in " + tick_label(whole, 1), color::ink, 2, "7 4");
  cycle_chart.legend(1, "fit in " + tick_label(final_year, 1), color::fit, 2.2);

  const range recent{std::max(years.low, years.high - 5), years.high};
  std::vector<point> close;
  std::vector<double> shown;
  for (const point& p : data)
    if (p.x >= recent.low) {
      close.push_back(p);
      shown.push_back(p.y);
    }
  const range fitted{std::max(recent.low, record.years.front()), record.years.back()};
  for (const point& p : sampled(fit, fitted, 400)) shown.push_back(p.y);
  chart close_chart(page, {left + width - half, 830}, half, 300, recent, rounded_range(shown, 10));
  close_chart.title("A closer look: from " + tick_label(recent.low, 1) + " on");
  close_chart.axes("year", "CO\xE2\x82\x82 (ppm)", 6, 10);
  close_chart.curve(sampled(trend, fitted, 60), color::ink, 1.4, "7 4");
  close_chart.curve(sampled(fit, fitted, 500), color::fit, 1.8);
  close_chart.dots(close, 4.6, color::data, 0.9);
  return page;
}

}  // namespace demo
