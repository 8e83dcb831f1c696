// SPDX-License-Identifier: BSL-1.0
//
// All problems of the run-time benchmarks, for the peers: each of them computes every problem with one
// adaptor.
#pragma once

#include "black_scholes.hpp"
#include "reprojection.hpp"
#include "tanh_network.hpp"
#include "traced_program.hpp"

namespace bench {

/// Adds `Adaptor<P>` as a way of computing `P`, for every problem.
template <template <class> class Adaptor>
bool add_to_all_problems(std::string_view name) {
  return add<black_scholes, Adaptor<black_scholes>>(name) &&
         add<black_scholes_hessian, Adaptor<black_scholes_hessian>>(name) &&
         add<reprojection, Adaptor<reprojection>>(name) && add<tanh_network, Adaptor<tanh_network>>(name) &&
         add<traced_program, Adaptor<traced_program>>(name);
}

}  // namespace bench
