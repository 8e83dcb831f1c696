// SPDX-License-Identifier: BSL-1.0
//
// Sacado, in its two modes: SFad carries all derivatives forward, with expression templates; Rad records each
// operation in a pool and sweeps back. Second order is SFad of SFad; Rad has none that is comparable.
#include "../problems/all.hpp"

// The new design of SFad is the default of Debian's configuration, which is not read here as it asks for
// Kokkos.
#define SACADO_NEW_FAD_DESIGN_IS_DEFAULT
#include <Sacado_No_Kokkos.hpp>

#include <cmath>

namespace {

constexpr double two_over_root_pi = 1.12837916709551257390;

}  // namespace

/// Sacado has no complementary error function.
namespace Sacado::Fad::Exp {

template <class Storage>
GeneralFad<Storage> erfc(const GeneralFad<Storage>& x) {
  using std::erfc;
  using std::exp;
  using scalar = typename GeneralFad<Storage>::value_type;
  const scalar z = x.val();
  const scalar slope = -two_over_root_pi * exp(-z * z);
  GeneralFad<Storage> y(x.size(), scalar(erfc(z)));
  for (int i = 0; i < x.size(); ++i) y.fastAccessDx(i) = slope * x.fastAccessDx(i);
  return y;
}

}  // namespace Sacado::Fad::Exp

namespace Sacado::Rad {

inline ADvari<double>& erfc(const ADvar<double>& x) {
  const double z = x.val();
  return ADf1(std::erfc(z), -two_over_root_pi * std::exp(-z * z), x);
}

}  // namespace Sacado::Rad

namespace {

template <class P>
struct forward {
  static constexpr int n = P::active;
  using first = Sacado::Fad::Exp::SFad<double, n>;

  static void evaluate(const double* point, double* result) {
    if constexpr (P::order == 1) {
      first x[n], y[P::values];
      for (int i = 0; i < n; ++i) x[i] = first(n, i, point[i]);
      P::formula(x, point + n, y);
      for (int k = 0; k < P::values; ++k) {
        result[k] = y[k].val();
        for (int i = 0; i < n; ++i) result[P::values + k * n + i] = y[k].dx(i);
      }
    } else {
      static_assert(P::values == 1);
      using second = Sacado::Fad::Exp::SFad<first, n>;
      second x[n], y;
      for (int i = 0; i < n; ++i) x[i] = second(n, i, first(n, i, point[i]));
      P::formula(x, point + n, &y);
      result[0] = y.val().val();
      for (int i = 0; i < n; ++i) {
        result[1 + i] = y.val().dx(i);
        for (int j = 0; j < n; ++j) result[1 + n + i * n + j] = y.dx(i).dx(j);
      }
    }
  }
};

template <class P>
struct reverse {
  static constexpr int n = P::active;
  using number = Sacado::Rad::ADvar<double>;

  static void evaluate(const double* point, double* result) {
    {
      number x[n], y[P::values];
      for (int i = 0; i < n; ++i) x[i] = point[i];
      P::formula(x, point + n, y);
      number* outputs[P::values];
      for (int k = 0; k < P::values; ++k) outputs[k] = &y[k];
      for (int k = 0; k < P::values; ++k) {
        // The weights also clear the adjoints that the last sweep left at the other outputs.
        double weights[P::values] = {};
        weights[k] = 1.0;
        result[k] = y[k].val();
        number::Weighted_Gradcomp(P::values, outputs, weights);
        for (int i = 0; i < n; ++i) result[P::values + k * n + i] = x[i].adj();
      }
    }
    number::aval_reset();
  }
};

const bool added = bench::add_to_all_problems<forward>("Sacado SFad") &&
                   bench::add<bench::black_scholes, reverse<bench::black_scholes>>("Sacado Rad") &&
                   bench::add<bench::reprojection, reverse<bench::reprojection>>("Sacado Rad") &&
                   bench::add<bench::tanh_network, reverse<bench::tanh_network>>("Sacado Rad") &&
                   bench::add<bench::traced_program, reverse<bench::traced_program>>("Sacado Rad");

}  // namespace
