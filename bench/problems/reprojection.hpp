// SPDX-License-Identifier: BSL-1.0
//
// The reprojection error of bundle adjustment, in the parametrisation of the ADBench suite, as a template in
// the number type. 15 inputs are differentiated: rotation as an angle-axis vector (3), camera centre (3),
// focal length, principal point (2), radial distortion k1 and k2, the point (3), the weight of the
// observation. Passive: the observed image point (2).
#pragma once

#include "../harness.hpp"

#include <cmath>

namespace bench {

struct reprojection {
  static constexpr const char* name = "reprojection_jacobian";
  static constexpr int active = 15;
  static constexpr int passive = 2;
  static constexpr int values = 2;
  static constexpr int order = 1;
  static constexpr int points = 1024;

  /// Below this squared angle the rotation is taken to first order, as the sine quotient of the general
  /// formula is 0/0 there.
  static constexpr double small_squared_angle = 1e-20;

  static void sample(random_numbers& random, double* point) {
    for (int i = 0; i < 3; ++i) point[i] = random.uniform(-1.0, 1.0);
    for (int i = 3; i < 6; ++i) point[i] = random.uniform(-1.0, 1.0);
    point[6] = random.uniform(400, 600);
    point[7] = random.uniform(-5, 5);
    point[8] = random.uniform(-5, 5);
    point[9] = random.uniform(-0.1, 0.1);
    point[10] = random.uniform(-0.01, 0.01);
    point[11] = random.uniform(-1, 1);
    point[12] = random.uniform(-1, 1);
    point[13] = random.uniform(6, 10);
    point[14] = random.uniform(0.5, 2);
    point[15] = random.uniform(-200, 200);
    point[16] = random.uniform(-200, 200);
  }

  template <class T, class Data>
  static void formula(const T* x, const Data* observed, T* y) {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T* axis = x;
    const T p[3] = {x[11] - x[3], x[12] - x[4], x[13] - x[5]};
    const T cross[3] = {axis[1] * p[2] - axis[2] * p[1], axis[2] * p[0] - axis[0] * p[2],
                        axis[0] * p[1] - axis[1] * p[0]};
    const T squared_angle = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
    T q[3];
    if (squared_angle > small_squared_angle) {
      const T angle = sqrt(squared_angle);
      const T cosine = cos(angle);
      const T sine_over_angle = sin(angle) / angle;
      const T along = (axis[0] * p[0] + axis[1] * p[1] + axis[2] * p[2]) * (1.0 - cosine) / squared_angle;
      for (int i = 0; i < 3; ++i) q[i] = p[i] * cosine + cross[i] * sine_over_angle + axis[i] * along;
    } else {
      for (int i = 0; i < 3; ++i) q[i] = p[i] + cross[i];
    }
    const T u = q[0] / q[2];
    const T v = q[1] / q[2];
    const T squared_radius = u * u + v * v;
    const T distortion = 1.0 + squared_radius * (x[9] + x[10] * squared_radius);
    y[0] = x[14] * (x[6] * distortion * u + x[7] - observed[0]);
    y[1] = x[14] * (x[6] * distortion * v + x[8] - observed[1]);
  }
};

}  // namespace bench
