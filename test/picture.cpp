// SPDX-License-Identifier: BSL-1.0
// Pictures of formulas of arrays: boxes do not overlap, texts stand in their boxes, everything is within the
// picture, and every symbol is named.
#include <boost/test/unit_test.hpp>
#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/inspection.hpp>
#include <vector>

#include "array_formulas.hpp"

namespace {

using namespace tg::literals;
using namespace array_formulas;

struct part {
  double x, y, width, height;
};
double number(const std::string& element, const std::string& name) {
  const std::size_t at = element.find(" " + name + "=\"");
  BOOST_REQUIRE(at != std::string::npos);
  return std::stod(element.substr(at + name.size() + 3));
}
/// The elements of a picture that begin so.
std::vector<std::string> elements(const std::string& picture, const std::string& begin) {
  std::vector<std::string> all;
  for (std::size_t at = 0; (at = picture.find(begin, at)) != std::string::npos; ++at)
    all.push_back(picture.substr(at, picture.find('\n', at) - at));
  return all;
}

template <class F>
std::string check(const F& f, std::size_t least_boxes) {
  const std::string picture = tg::to_svg(f);
  const double width = number(picture, "width"), height = number(picture, "height");
  std::vector<part> boxes;
  for (const std::string& each : elements(picture, "<rect x="))
    boxes.push_back({number(each, "x"), number(each, "y"), number(each, "width"), number(each, "height")});
  BOOST_TEST(boxes.size() >= least_boxes);
  for (const part& p : boxes) {
    BOOST_TEST((p.x > 0 && p.y > 0 && p.x + p.width < width && p.y + p.height < height));
    for (const part& q : boxes)
      if (&p != &q)
        BOOST_TEST(
            (p.x + p.width < q.x || q.x + q.width < p.x || p.y + p.height < q.y || q.y + q.height < p.y));
  }
  for (const std::string& each : elements(picture, "<text ")) {
    const double x = number(each, "x"), y = number(each, "y");
    if (each.find("middle") == std::string::npos) continue;  // the shapes stand between boxes
    bool inside = false;
    for (const part& p : boxes)
      inside = inside || (p.x < x && x < p.x + p.width && p.y < y && y < p.y + p.height);
    BOOST_TEST(inside, each);
  }
  for (const std::string_view symbol : tg::symbols_of(f))
    BOOST_TEST(picture.find(symbol) != std::string::npos, symbol);
  BOOST_TEST(elements(picture, "<path ").size() + 1 >= boxes.size() / 2);
  return picture;
}

}  // namespace

BOOST_AUTO_TEST_CASE(pictures_are_laid_out) {
  check(table<1, 3>(), 2);
  check(table<2, 3>(), 2);
  check(column<5, 3>(), 2);
  check(tg::gradient(sum(tanh(matmul(X, W) + v) * k), W, v), 3);
  check(tg::outputs(matmul(X, W), tg::softmax<1>(matmul(X, W) * 2.5)), 3);
}

BOOST_AUTO_TEST_CASE(layers_are_boxes) {
  constexpr auto images = tg::array<"images", tg::rows, 1, 8, 8>;
  constexpr auto kernels = tg::array<"kernels", 4, 1, 3, 3>;
  constexpr auto shift = tg::array<"shift", 4>;
  constexpr auto w = tg::array<"w", 36, 10>;
  constexpr auto pooled = tg::max_pool<2, 2>(relu(conv2d(images, kernels, shift)));
  const std::string picture = check(matmul(tg::reshape<tg::rows, -1>(pooled), w), 3);
  BOOST_TEST(elements(picture, "<rect x=").size() == 3U);
  for (const char* text :
       {">max_pool(relu(shift + convolution(images, kernels)))<", ">kernels (4, 1, 3, 3), shift (4)<",
        ">reshape(\xc2\xb7, (rows, 36))*w<", ">(rows, 4, 3, 3)<"})
    BOOST_TEST(picture.find(text) != std::string::npos, text);
}
