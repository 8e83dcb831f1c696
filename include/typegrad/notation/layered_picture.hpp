// SPDX-License-Identifier: BSL-1.0
// A graph of boxes as a picture: in layers from top to bottom, in each in the order that crosses few edges
// (the mean places of the neighbours), with room for edges that pass several layers.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "svg_writer.hpp"

namespace tg::detail {

struct picture_box {
  std::string label, below, shape;  // a formula, what stands under it, and what leaves the box
  std::vector<int> operands;        // boxes before it
  bool is_input = false, is_output = false;
};

class layered_picture {
 public:
  explicit layered_picture(const std::vector<picture_box>& boxes) : boxes_{boxes} {
    find_layers();
    find_order();
    find_places();
  }
  std::string svg() const {
    double width = 0;
    for (const node& each : nodes_) width = std::max(width, each.x + each.width / 2);
    const auto y_of = [&](int layer) { return margin + tops_[static_cast<std::size_t>(layer)]; };
    svg_writer w(width + margin, y_of(static_cast<int>(layers_.size())) - gap + margin + 14);
    for (const node& to : nodes_)
      for (int from : to.above) {
        const node& source = nodes_[static_cast<std::size_t>(from)];
        const double y0 = y_of(source.layer) + (source.box < 0 ? tall(source.layer) : source.height),
                     y1 = y_of(to.layer);
        if (source.box < 0) w.line(source.x, y_of(source.layer), source.x, y0, edge_);
        w.curve(source.x, y0, to.x, y1, edge_);
      }
    for (const node& each : nodes_)
      if (each.box >= 0) draw(w, each, y_of(each.layer));
    return w.finish();
  }

 private:
  static constexpr double margin = 24, gap = 46, apart = 26, font = 12.5, small_font = 10.5, line = 16;
  static constexpr std::size_t longest_line = 46, most_lines = 3;
  static constexpr std::string_view edge_ = "#8b949e";

  struct node {
    int box;  // -1: a place where an edge passes
    int layer = 0;
    double width = 14, height = 0, x = 0;
    std::vector<int> above = {}, below = {};
  };

  /// A formula in lines, cut at spaces.
  static std::vector<std::string> lines_of(const std::string& label) {
    std::vector<std::string> all;
    std::string rest = label;
    while (rest.size() > longest_line + 8 && all.size() + 1 < most_lines) {
      std::size_t cut = rest.rfind(' ', longest_line);
      if (cut == rest.npos || cut == 0) cut = rest.find(' ');
      if (cut == rest.npos) break;
      all.push_back(rest.substr(0, cut));
      rest = rest.substr(cut + 1);
    }
    if (rest.size() > longest_line + 10) rest = rest.substr(0, longest_line) + " ...";
    all.push_back(rest);
    return all;
  }
  void find_layers() {
    const int n = static_cast<int>(boxes_.size());
    std::vector<int> layer(boxes_.size(), 0);
    for (int i = 0; i < n; ++i)
      for (int x : boxes_[static_cast<std::size_t>(i)].operands)
        layer[static_cast<std::size_t>(i)] =
            std::max(layer[static_cast<std::size_t>(i)], layer[static_cast<std::size_t>(x)] + 1);
    // What reads nothing stands right above what reads it first.
    for (int i = 0; i < n; ++i) {
      if (!boxes_[static_cast<std::size_t>(i)].operands.empty()) continue;
      int first = -1;
      for (int k = 0; k < n; ++k)
        for (int x : boxes_[static_cast<std::size_t>(k)].operands)
          if (x == i && (first < 0 || layer[static_cast<std::size_t>(k)] < first))
            first = layer[static_cast<std::size_t>(k)];
      if (first > 0) layer[static_cast<std::size_t>(i)] = first - 1;
    }
    for (int i = 0; i < n; ++i) {
      const picture_box& box = boxes_[static_cast<std::size_t>(i)];
      node own{i, layer[static_cast<std::size_t>(i)]};
      const auto lines = lines_of(box.label);
      for (const std::string& each : lines) own.width = std::max(own.width, text_width(each, font) + 26);
      own.width = std::max(own.width, text_width(box.below, small_font) + 26);
      own.height = line * static_cast<double>(lines.size()) + (box.below.empty() ? 0 : 15) + 12;
      nodes_.push_back(own);
    }
    for (int i = 0; i < n; ++i)
      for (int x : boxes_[static_cast<std::size_t>(i)].operands) connect(x, i);
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const auto at = static_cast<std::size_t>(nodes_[k].layer);
      if (layers_.size() <= at) layers_.resize(at + 1);
      layers_[at].push_back(static_cast<int>(k));
    }
    tops_.push_back(0);
    for (std::size_t k = 0; k < layers_.size(); ++k)
      tops_.push_back(tops_.back() + tall(static_cast<int>(k)) + gap);
  }
  double tall(int layer) const {
    double height = 0;
    for (int k : layers_[static_cast<std::size_t>(layer)])
      height = std::max(height, nodes_[static_cast<std::size_t>(k)].height);
    return height;
  }
  void connect(int from, int to) {
    for (int layer = nodes_[static_cast<std::size_t>(from)].layer + 1;
         layer < nodes_[static_cast<std::size_t>(to)].layer; ++layer) {
      const int passed = static_cast<int>(nodes_.size());
      nodes_.push_back({-1, layer});
      join(from, passed);
      from = passed;
    }
    join(from, to);
  }
  void join(int from, int to) {
    nodes_[static_cast<std::size_t>(from)].below.push_back(to);
    nodes_[static_cast<std::size_t>(to)].above.push_back(from);
  }

  void find_order() {
    std::vector<double> place(nodes_.size());
    const auto note = [&](const std::vector<int>& layer) {
      for (std::size_t k = 0; k < layer.size(); ++k)
        place[static_cast<std::size_t>(layer[k])] =
            (static_cast<double>(k) + 0.5) / static_cast<double>(layer.size());
    };
    for (const auto& layer : layers_) note(layer);
    for (int sweep = 0; sweep < 12; ++sweep)
      for (std::size_t k = 0; k < layers_.size(); ++k) {
        auto& layer = layers_[sweep % 2 == 0 ? k : layers_.size() - 1 - k];
        std::vector<double> wanted(nodes_.size());
        for (int each : layer) {
          const node& own = nodes_[static_cast<std::size_t>(each)];
          wanted[static_cast<std::size_t>(each)] =
              mean(sweep % 2 == 0 ? own.above : own.below, place, place[static_cast<std::size_t>(each)]);
        }
        for (std::size_t i = 1; i < layer.size(); ++i)
          for (std::size_t at = i; at > 0 && wanted[static_cast<std::size_t>(layer[at])] <
                                                 wanted[static_cast<std::size_t>(layer[at - 1])];
               --at)
            std::swap(layer[at], layer[at - 1]);
        note(layer);
      }
  }
  static double mean(const std::vector<int>& of, const std::vector<double>& place, double otherwise) {
    double sum = 0;
    for (int each : of) sum += place[static_cast<std::size_t>(each)];
    return of.empty() ? otherwise : sum / static_cast<double>(of.size());
  }

  /// Every box goes towards the mean of its neighbours; boxes of a layer keep their order and distance.
  void find_places() {
    for (const auto& layer : layers_) spread(layer, std::vector<double>(layer.size(), 0));
    for (int sweep = 0; sweep < 24; ++sweep)
      for (std::size_t k = 0; k < layers_.size(); ++k) {
        const auto& layer = layers_[sweep % 2 == 0 ? k : layers_.size() - 1 - k];
        std::vector<double> wanted;
        for (int each : layer) {
          const node& own = nodes_[static_cast<std::size_t>(each)];
          double sum = 0;
          int count = 0;
          for (const auto* side : {&own.above, &own.below})
            for (int other : *side)
              if (side == (sweep % 2 == 0 ? &own.above : &own.below) || sweep > 15)
                sum += nodes_[static_cast<std::size_t>(other)].x, ++count;
          wanted.push_back(count > 0 ? sum / count : own.x);
        }
        spread(layer, wanted);
      }
    double left = 1e9;
    for (const node& each : nodes_) left = std::min(left, each.x - each.width / 2);
    for (node& each : nodes_) each.x += margin - left;
  }
  /// As near to the wanted places as order and distances allow: neighbours that would overlap move as one.
  void spread(const std::vector<int>& layer, const std::vector<double>& wanted) {
    struct run {
      double centre, width;  // of the left edge of the first
      std::size_t first, count;
    };
    std::vector<double> offset(layer.size());
    std::vector<run> runs;
    for (std::size_t k = 0; k < layer.size(); ++k) {
      const double width = nodes_[static_cast<std::size_t>(layer[k])].width + apart;
      runs.push_back({wanted[k] - width / 2, width, k, 1});
      offset[k] = 0;
      while (runs.size() > 1 &&
             runs[runs.size() - 2].centre + runs[runs.size() - 2].width > runs.back().centre) {
        const run last = runs.back();
        runs.pop_back();
        run& before = runs.back();
        const double weight = static_cast<double>(before.count), added = static_cast<double>(last.count);
        before.centre = (before.centre * weight + (last.centre - before.width) * added) / (weight + added);
        for (std::size_t i = 0; i < last.count; ++i) offset[last.first + i] += before.width;
        before.width += last.width, before.count += last.count;
      }
    }
    for (const run& each : runs)
      for (std::size_t i = each.first; i < each.first + each.count; ++i) {
        node& own = nodes_[static_cast<std::size_t>(layer[i])];
        own.x = each.centre + offset[i] + (own.width + apart) / 2;
      }
  }

  void draw(svg_writer& w, const node& own, double y) const {
    const picture_box& box = boxes_[static_cast<std::size_t>(own.box)];
    w.box(own.x - own.width / 2, y, own.width, own.height,
          box.is_input    ? "#dbe8f6"
          : box.is_output ? "#e4f1e1"
                          : "#f6f8fa",
          box.label,
          box.is_input    ? "#5b86b8"
          : box.is_output ? "#5a9a53"
                          : "#9aa4ae",
          box.is_input ? 12 : 4);
    double at = y + 18;
    for (const std::string& each : lines_of(box.label))
      w.text(own.x, at, each, "middle", font, "#1b1f24"), at += line;
    if (!box.below.empty()) w.text(own.x, at, box.below, "middle", small_font, "#8a6d3b");
    if (!own.below.empty() || box.is_output)
      w.text(own.x + 6, y + own.height + 13, box.shape, "start", small_font, "#57606a", {}, true);
  }

  const std::vector<picture_box>& boxes_;
  std::vector<node> nodes_;
  std::vector<std::vector<int>> layers_;
  std::vector<double> tops_;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
