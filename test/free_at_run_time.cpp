// SPDX-License-Identifier: BSL-1.0
// What the documentation calls free at run time is a constant, also where it is called in an ordinary
// expression: it runs on a stack of 64 KB, and takes nothing from the heap. (A pass that was left to run at
// run time needs megabytes of stack in g++, and the heap in clang.) Built with and without optimisation.
#include <pthread.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <functional>
#include <new>
#include <typegrad/hana.hpp>
#include <typegrad/typegrad.hpp>

namespace {
thread_local int allocations = 0;
}
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const room = std::malloc(size)) return room;
  std::abort();
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }

namespace {

using namespace tg::literals;
constexpr int size = 60;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", size>;
constexpr auto chain = tg::trace<"p[60]">([](auto q) {
  auto sum = q[0];
  for (std::size_t i = 1; i < size; ++i) sum += q[i] * q[i - 1];
  return sum;
});
constexpr auto network = tg::trace<"x", "y", "p[12]">([](auto a, auto b, auto w) {
  auto out = a * 0;
  for (std::size_t unit = 0; unit < 4; ++unit)
    out += w[3 * unit] * tanh(w[3 * unit + 1] * a + w[3 * unit + 2] * b);
  return std::array{out, exp(-out) + where(a < b, log(a), sqrt(b))};
});

struct wave {
  static constexpr auto name = "wave";
  static constexpr int arity = 1;
  template <class T>
  static constexpr T value(T at) {
    using std::sin;
    return sin(at);
  }
  static constexpr auto partials(auto at) { return cos(at); }
};

/// Runs it on a stack of 64 KB; how often it asked for memory. A stack that is too small ends the program.
template <class Call>
int allocations_on_a_small_stack(Call call) {
  struct job {
    Call call;
    int asked;
  } here{call, 0};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  BOOST_REQUIRE(pthread_attr_setstacksize(&attributes, 64 << 10) == 0);
  const auto run = [](void* of) -> void* {
    const int before = allocations;
    static_cast<job*>(of)->call();
    static_cast<job*>(of)->asked = allocations - before;
    return nullptr;
  };
  BOOST_REQUIRE(pthread_create(&thread, &attributes, run, &here) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  return here.asked;
}

/// What was read, so that no call is dropped by the optimizer.
volatile std::size_t seen = 0;
template <class T>
void see(const T& value) {
  if constexpr (requires { value.view(); })
    seen = seen + value.view().size();
  else if constexpr (requires { value.nodes; })
    seen = seen + static_cast<std::size_t>(value.nodes);
  else if constexpr (requires { value.size(); })
    seen = seen + static_cast<std::size_t>(value.size());
  else
    seen = seen + static_cast<std::size_t>(value);
}

/// Every question that docs/inspection.md has for a formula or for several.
template <class F>
void look_at(const F& f) {
  see(tg::to_string(f));
  see(tg::to_latex(f));
  see(tg::to_c(f, "height"));
  see(tg::to_dot(f));
  see(tg::domain(f));
  see(tg::type_name<F>());
  see(tg::cost(f));
  see(tg::symbols_of(f));
  see(tg::depends_on(f, x));
  see(tg::depends_on(f, p));
  see(f.size());
  see(f.slots());
  see(f.outputs());
  see(boost::hana::size(tg::nodes_of(f)));
}
template <class J>
void look_at_zeros(const J& j) {
  look_at(j);
  see(tg::nonzeros(j));
  see(tg::sparsity(j));
  see(boost::hana::length(j));
}

struct row {
  const char* of;
  void (*call)();
};
const row rows[] = {
    {"a formula", [] { look_at(x * sin(y) / 2_c); }},
    {"a captured number", [] { look_at(2.5 * x + log(y) * 1e-7); }},
    {"a large formula", [] { look_at(chain); }},
    {"a user's primitive", [] { look_at(tg::diff(tg::apply<wave>(x * y), x)); }},
    {"a gradient by 60 symbols", [] { look_at_zeros(tg::gradient(chain, p)); }},
    {"a Hessian", [] { look_at_zeros(tg::hessian(tg::get<0>(network), x, y)); }},
    {"a Jacobian", [] { look_at_zeros(tg::jacobian(network, x, y, tg::symbols<"p", 12>)); }},
    {"several outputs",
     [] {
       const auto all = tg::outputs(chain, tg::diff(x * exp(x), x), 3.0 * y);
       see(tg::to_string(all));
       see(tg::to_latex(all));
       see(tg::to_c(all, "height"));
       see(tg::to_dot(all));
       see(tg::domain(all));
       see(tg::cost(all));
       see(tg::symbols_of(all));
     }},
    {"the cost of a function",
     [] {
       see(tg::cost(tg::function(tg::inputs(p), tg::outputs(chain, tg::gradient(chain, p)))));
       see(tg::cost(tg::function(tg::inputs(x), tg::outputs(2.0 * x))));
     }},
    {"equality",
     [] {
       see(x + y == y + x);
       see(tg::gradient(chain, p)[3_c] == tg::diff(chain, p[3_c]));
       see(2.0 * x == 3.0 * x);
       see(boost::hana::value(boost::hana::equal(x + y, y + x)));
     }},
    {"derivatives",
     [] {
       see(tg::diff(chain, p[1_c], p[2_c]));
       see(tg::diff<3>(x * exp(x * y), x));
       see(tg::gradient(2.0 * chain, p));
       see(tg::hessian(tg::get<1>(network), x, y));
       see(tg::jvp(chain * 2.0, tg::along(p[0_c] = 1_c, p[1_c] = x)));
       see(tg::vjp(network, tg::weights(1.0, 2.0), x, y));
       see(tg::hvp(chain, tg::along(p[0_c] = 1_c)));
       see(tg::taylor<4>(exp(x) * sin(y), x, 0_c));
       see(tg::substitute(chain, p[0_c] = x * y, p[7_c] = 2.0));
       see(tg::simplify(chain));
     }},
};

}  // namespace

BOOST_AUTO_TEST_CASE(free_at_run_time) {
  for (const row& each : rows) BOOST_TEST(allocations_on_a_small_stack(each.call) == 0, each.of);
}
