// SPDX-License-Identifier: BSL-1.0
// Everything that can be seen of a formula: its notations, its type, its cost, its domain, and the same of
// its derivatives. Ends with the facts that it has shown, asserted; exit status 1 if one does not hold.
#include <iostream>
#include <string_view>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

/// A line "  title   text", the text's further lines under its first.
void line(std::string_view title, std::string_view all) {
  std::cout << "  " << title << std::string_view("           ").substr(title.size() < 11 ? title.size() : 10);
  for (std::size_t end = all.find('\n'); end != all.npos && end + 1 < all.size(); end = all.find('\n')) {
    std::cout << all.substr(0, end + 1) << "             ";
    all.remove_prefix(end + 1);
  }
  std::cout << all << (all.ends_with('\n') ? "" : "\n");
}

template <class F>
void page(std::string_view title, const F& formula) {
  std::cout
      << "-- " << title << " "
      << std::string_view("------------------------------------------------------------").substr(title.size())
      << "\n";
  line("infix", tg::to_string(formula).view());
  line("LaTeX", tg::to_latex(formula).view());
  line("type", tg::type_name<F>().view());
  line("tree", tg::type_name<tg::tree_t<F>>().view());
  line("domain", tg::domain(formula).view());
  const tg::operation_count cost = tg::cost(formula);
  std::cout << "  cost       " << cost.additions << " additions, " << cost.multiplications
            << " multiplications, " << cost.divisions << " divisions, " << cost.transcendental
            << " library calls; depth " << cost.depth << ", " << cost.stack_bytes << " bytes of stack\n\n";
}

}  // namespace

int main() {
  constexpr auto x = tg::symbol<"x">;
  constexpr auto y = tg::symbol<"y">;
  constexpr auto f = x * sin(y) + sqrt(x) / y;
  constexpr auto H = tg::hessian(f, x, y);

  page("f", f);
  page("df/dx", tg::diff(f, x));
  page("df/dy", tg::diff(f, y));

  std::cout << "-- the Hessian " << std::string_view("----------------------------------------------")
            << "\n";
  line("infix", tg::to_string(H).view());
  line("not zero", tg::sparsity(H)[0][0] ? "all entries" : "all but [0, 0]");
  std::cout << "\n-- value and gradient in C ------------------------------------\n";
  constexpr auto both = tg::outputs(f, tg::gradient(f, x, y));
  line("", tg::to_c(both, "evaluate").view());
  std::cout << "\n-- f as a picture: dot -Tsvg -----------------------------------\n";
  line("", tg::to_dot(f).view());

  // The same facts as constants.
  static_assert(tg::to_string(tg::diff(x * sin(y), y)) == "x*cos(y)");
  static_assert(tg::domain(f) == "x > 0, y != 0");
  static_assert(tg::cost(f).divisions == 1 && tg::cost(f).transcendental == 2);
  static_assert(tg::depends_on(f, x) && tg::symbols_of(f).size() == 2);
  static_assert(tg::nonzeros(H) == 4);
  const bool holds = tg::to_string(f).view() == "x*sin(y) + sqrt(x)/y" &&
                     tg::to_c(f, "f").view().starts_with("#include <math.h>");
  std::cout << (holds ? "\nAll facts hold.\n" : "\nA fact does not hold.\n");
  return holds ? 0 : 1;
}
