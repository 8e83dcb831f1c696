// SPDX-License-Identifier: BSL-1.0
// How well objects are found in pictures.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../../learn/evaluate/columns.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::metric {

/// A rectangle, left < right and top < bottom.
struct box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// The area that two boxes share by the area that they cover together; 0 where they have none.
inline double intersection_over_union(const box& a, const box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left),
               height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (!(width > 0 && height > 0)) return 0;
  const auto area = [](const box& c) { return (c.right - c.left) * (c.bottom - c.top); };
  return width * height / (area(a) + area(b) - width * height);
}

/// An object in a picture.
struct object {
  std::int64_t image = 0, label = 0;
  box where = {};
};

/// What is taken for an object.
struct detection {
  std::int64_t image = 0, label = 0;
  double score = 0;
  box where = {};
};

struct detection_options {
  double iou = 0.5;        ///< how much of an object must be met
  std::size_t points = 0;  ///< the precision is averaged at so many recalls from 0 to 1 (COCO: 101); 0: all
};

struct detection_scores {
  std::vector<std::int64_t> classes;  ///< those with objects
  std::vector<double> each;           ///< their average precisions
  double mean = 0;                    ///< of them
};

/// The mean average precision. From the highest score down, a detection is right if it meets an object of its
/// class and picture that none has met before, the one it meets best; the precision at a recall is the
/// greatest at this recall or a higher one. A detection whose box is turned over meets nothing. (Boxes of
/// crowds, and limits of size and number, are not known.)
inline detection_scores mean_average_precision(std::span<const object> truth,
                                               std::span<const detection> found,
                                               const detection_options& options = {}) {
  constexpr auto name = "mean_average_precision";
  if (truth.empty()) detail::unfit_metric(name, "there are no objects; give at least one.");
  if (!(options.iou > 0 && options.iou <= 1))
    detail::unfit_metric(name, "the iou is above 0, and at most 1.");
  for (const object& each : truth)
    if (!(each.where.left <= each.where.right && each.where.top <= each.where.bottom))
      detail::unfit_metric(name, "an object has no box; give left < right and top < bottom.");
  std::map<std::int64_t, std::map<std::int64_t, std::vector<std::pair<box, bool>>>> objects;
  std::map<std::int64_t, std::size_t> counts;
  for (const object& each : truth) objects[each.label][each.image].emplace_back(each.where, false);
  for (const object& each : truth) ++counts[each.label];
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!detail::is_finite(found[i].score)) detail::unfit_metric(name, "a score is NaN or infinite.");
    const auto& [left, top, right, bottom] = found[i].where;
    if (detail::is_nan(left + top + right + bottom))
      detail::unfit_metric(name, "the box of a detection has NaN.");
    order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return found[a].score != found[b].score ? found[a].score > found[b].score : a < b;
  });
  std::map<std::int64_t, std::vector<bool>> right;  // of each class, from the highest score down
  for (const std::size_t i : order) {
    auto& candidates = objects[found[i].label][found[i].image];
    std::pair<box, bool>* best = nullptr;
    double most = options.iou;
    for (auto& each : candidates)
      if (const double iou = intersection_over_union(each.first, found[i].where); !each.second && iou >= most)
        most = iou, best = &each;
    if (best) best->second = true;
    right[found[i].label].push_back(best != nullptr);
  }
  detection_scores result;
  for (const auto& [label, count] : counts) {
    const std::vector<bool>& hits = right[label];
    std::vector<double> recall, precision;
    double hit = 0;
    for (std::size_t k = 0; k < hits.size(); ++k) {
      hit += hits[k] ? 1 : 0;
      recall.push_back(hit / static_cast<double>(count));
      precision.push_back(hit / static_cast<double>(k + 1));
    }
    for (std::size_t k = precision.size(); k-- > 1;)
      precision[k - 1] = std::max(precision[k - 1], precision[k]);
    double sum = 0;
    if (options.points == 0) {
      for (std::size_t k = 0; k < recall.size(); ++k)
        sum += (recall[k] - (k > 0 ? recall[k - 1] : 0)) * precision[k];
    } else {
      for (std::size_t p = 0; p < options.points; ++p) {
        const double at =
            options.points == 1 ? 0 : static_cast<double>(p) / static_cast<double>(options.points - 1);
        const auto k = static_cast<std::size_t>(std::ranges::lower_bound(recall, at) - recall.begin());
        if (k < recall.size()) sum += precision[k] / static_cast<double>(options.points);
      }
    }
    result.classes.push_back(label), result.each.push_back(sum);
    result.mean += sum / static_cast<double>(counts.size());
  }
  return result;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
