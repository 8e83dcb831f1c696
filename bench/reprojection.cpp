// SPDX-License-Identifier: BSL-1.0
//
// The reprojection error of bundle adjustment with its 2x15 Jacobian: by hand and by typegrad.
#include "problems/reprojection.hpp"

#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <span>

namespace {

/// By hand. With the angle-axis vector r and its angle t, the rotated point is q = R p, and its derivatives
/// are R by the point and -[q]x J by r, where J = a I + g r r' + b [r]x, a = sin t / t, b = (1 - cos t) /
/// t^2, g = (1 - a) / t^2 is the left Jacobian of the rotation group (Sola et al., A micro Lie theory, 2018,
/// eq. 145). As the projection depends on the direction of q only, its gradient is orthogonal to q, so that
/// the products with 1/q_z cancel in the rotation's part. One square root, one sine, one cosine, two
/// divisions.
struct hand {
  static void evaluate(const double* point, double* result) {
    const double r0 = point[0], r1 = point[1], r2 = point[2];
    const double p0 = point[11] - point[3], p1 = point[12] - point[4], p2 = point[13] - point[5];
    const double focal = point[6], k1 = point[9], k2 = point[10], weight = point[14];
    const double offset_u = point[7] - point[15], offset_v = point[8] - point[16];

    const double r00 = r0 * r0, r11 = r1 * r1, r22 = r2 * r2;
    const double squared_angle = r00 + r11 + r22;
    double c, a, b, g;
    if (squared_angle > bench::reprojection::small_squared_angle) {
      const double inverse_angle = 1.0 / std::sqrt(squared_angle);
      const double angle = squared_angle * inverse_angle;
      const double inverse_squared = inverse_angle * inverse_angle;
      c = std::cos(angle);
      a = std::sin(angle) * inverse_angle;
      b = (1.0 - c) * inverse_squared;
      g = (1.0 - a) * inverse_squared;
    } else {
      c = 1.0, a = 1.0, b = 0.0, g = 0.0;
    }
    const double r01 = r0 * r1, r02 = r0 * r2, r12 = r1 * r2;
    const double a0 = a * r0, a1 = a * r1, a2 = a * r2;
    const double b01 = b * r01, b02 = b * r02, b12 = b * r12;
    const double m00 = c + b * r00, m01 = b01 - a2, m02 = b02 + a1;
    const double m10 = b01 + a2, m11 = c + b * r11, m12 = b12 - a0;
    const double m20 = b02 - a1, m21 = b12 + a0, m22 = c + b * r22;

    const double q2 = m20 * p0 + m21 * p1 + m22 * p2;
    const double inverse_depth = 1.0 / q2;
    const double u = (m00 * p0 + m01 * p1 + m02 * p2) * inverse_depth;
    const double v = (m10 * p0 + m11 * p1 + m12 * p2) * inverse_depth;
    const double uu = u * u, vv = v * v;
    const double s = uu + vv;
    const double k2s = k2 * s;
    const double distortion = 1.0 + s * (k1 + k2s);
    const double distorted_u = distortion * u, distorted_v = distortion * v;
    const double error_u = focal * distorted_u + offset_u;
    const double error_v = focal * distorted_v + offset_v;
    const double wf = weight * focal;

    // The partials of both errors by u and v form a symmetric matrix.
    const double wfd = wf * distortion;
    const double slope = 2.0 * wf * (k1 + 2.0 * k2s);
    const double e_uu = wfd + slope * uu, e_uv = slope * (u * v), e_vv = wfd + slope * vv;

    const double b0 = b * r0, b1 = b * r1, b2 = b * r2;
    const double g0 = g * r0, g1 = g * r1, g2 = g * r2;
    const double j00 = a + g0 * r0, j01 = g * r01 - b2, j02 = g * r02 + b1;
    const double j10 = g * r01 + b2, j11 = a + g1 * r1, j12 = g * r12 - b0;
    const double j20 = g * r02 - b1, j21 = g * r12 + b0, j22 = a + g2 * r2;

    const auto row = [&](double* out, double eu, double ev) {
      const double ez = -(eu * u + ev * v);
      const double t0 = v * ez - ev, t1 = eu - u * ez, t2 = u * ev - v * eu;
      out[0] = t0 * j00 + t1 * j10 + t2 * j20;
      out[1] = t0 * j01 + t1 * j11 + t2 * j21;
      out[2] = t0 * j02 + t1 * j12 + t2 * j22;
      const double d0 = eu * inverse_depth, d1 = ev * inverse_depth, d2 = ez * inverse_depth;
      const double x0 = d0 * m00 + d1 * m10 + d2 * m20;
      const double x1 = d0 * m01 + d1 * m11 + d2 * m21;
      const double x2 = d0 * m02 + d1 * m12 + d2 * m22;
      out[3] = -x0, out[4] = -x1, out[5] = -x2;
      out[11] = x0, out[12] = x1, out[13] = x2;
    };
    result[0] = weight * error_u;
    result[1] = weight * error_v;
    double* du = result + 2;
    double* dv = result + 17;
    row(du, e_uu, e_uv);
    row(dv, e_uv, e_vv);
    du[6] = weight * distorted_u, dv[6] = weight * distorted_v;
    du[7] = weight, dv[7] = 0.0;
    du[8] = 0.0, dv[8] = weight;
    const double wfs = wf * s;
    const double k1_u = wfs * u, k1_v = wfs * v;
    du[9] = k1_u, dv[9] = k1_v;
    du[10] = k1_u * s, dv[10] = k1_v * s;
    du[14] = error_u, dv[14] = error_v;
  }
};

/// By hand as most would write it: the matrix of each step of the chain, and their products.
struct hand_chain {
  static void evaluate(const double* point, double* result) {
    const double* r = point;
    const double p[3] = {point[11] - point[3], point[12] - point[4], point[13] - point[5]};
    const double focal = point[6], k1 = point[9], k2 = point[10], weight = point[14];
    const double squared_angle = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    double q[3], q_r[3][3], q_p[3][3];
    const double cross[3] = {r[1] * p[2] - r[2] * p[1], r[2] * p[0] - r[0] * p[2], r[0] * p[1] - r[1] * p[0]};
    const double cross_r[3][3] = {{0, p[2], -p[1]}, {-p[2], 0, p[0]}, {p[1], -p[0], 0}};
    const double cross_p[3][3] = {{0, -r[2], r[1]}, {r[2], 0, -r[0]}, {-r[1], r[0], 0}};
    if (squared_angle > bench::reprojection::small_squared_angle) {
      const double angle = std::sqrt(squared_angle);
      const double c = std::cos(angle), a = std::sin(angle) / angle, b = (1.0 - c) / squared_angle;
      const double a_slope = (c - a) / squared_angle, b_slope = (a - 2.0 * b) / squared_angle;
      const double dot = r[0] * p[0] + r[1] * p[1] + r[2] * p[2];
      for (int i = 0; i < 3; ++i) {
        q[i] = c * p[i] + a * cross[i] + b * dot * r[i];
        const double along = -a * p[i] + a_slope * cross[i] + b_slope * dot * r[i];
        for (int j = 0; j < 3; ++j) {
          q_r[i][j] = along * r[j] + a * cross_r[i][j] + b * r[i] * p[j];
          q_p[i][j] = a * cross_p[i][j] + b * r[i] * r[j];
        }
        q_r[i][i] += b * dot;
        q_p[i][i] += c;
      }
    } else {
      for (int i = 0; i < 3; ++i) {
        q[i] = p[i] + cross[i];
        for (int j = 0; j < 3; ++j) q_r[i][j] = cross_r[i][j], q_p[i][j] = cross_p[i][j];
        q_p[i][i] += 1.0;
      }
    }
    const double uv[2] = {q[0] / q[2], q[1] / q[2]};
    const double s = uv[0] * uv[0] + uv[1] * uv[1];
    const double distortion = 1.0 + s * (k1 + k2 * s);
    const double distortion_slope = 2.0 * (k1 + 2.0 * k2 * s);
    for (int k = 0; k < 2; ++k) {
      const double error = focal * distortion * uv[k] + point[7 + k] - point[15 + k];
      result[k] = weight * error;
      double* row = result + 2 + 15 * k;
      double by_uv[2] = {distortion_slope * uv[k] * uv[0], distortion_slope * uv[k] * uv[1]};
      by_uv[k] += distortion;
      for (double& d : by_uv) d *= weight * focal;
      const double by_q[3] = {by_uv[0] / q[2], by_uv[1] / q[2],
                              -(by_uv[0] * uv[0] + by_uv[1] * uv[1]) / q[2]};
      for (int j = 0; j < 3; ++j) {
        row[j] = by_q[0] * q_r[0][j] + by_q[1] * q_r[1][j] + by_q[2] * q_r[2][j];
        row[11 + j] = by_q[0] * q_p[0][j] + by_q[1] * q_p[1][j] + by_q[2] * q_p[2][j];
        row[3 + j] = -row[11 + j];
      }
      row[6] = weight * distortion * uv[k];
      row[7] = row[8] = 0.0;
      row[7 + k] = weight;
      row[9] = weight * focal * uv[k] * s;
      row[10] = row[9] * s;
      row[14] = error;
    }
  }
};

/// The same formula for typegrad: what is differentiated are the symbols x0 ... x14, the observed image point
/// is an input, too.
constexpr auto reprojection_error() {
  using namespace tg::literals;
  return tg::trace<"x[15]", "observed[2]">([](auto x, auto observed) {
    const auto p0 = x[11] - x[3], p1 = x[12] - x[4], p2 = x[13] - x[5];
    const auto squared_angle = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    const auto angle = sqrt(squared_angle);
    const auto cosine = cos(angle);
    const auto sine_over_angle = sin(angle) / angle;
    const auto along = (x[0] * p0 + x[1] * p1 + x[2] * p2) * (1.0 - cosine) / squared_angle;
    const auto general = squared_angle > bench::reprojection::small_squared_angle;
    const auto c0 = x[1] * p2 - x[2] * p1, c1 = x[2] * p0 - x[0] * p2, c2 = x[0] * p1 - x[1] * p0;
    const auto q0 = where(general, p0 * cosine + c0 * sine_over_angle + x[0] * along, p0 + c0);
    const auto q1 = where(general, p1 * cosine + c1 * sine_over_angle + x[1] * along, p1 + c1);
    const auto q2 = where(general, p2 * cosine + c2 * sine_over_angle + x[2] * along, p2 + c2);
    const auto u = q0 / q2, v = q1 / q2;
    const auto squared_radius = u * u + v * v;
    const auto distortion = 1.0 + squared_radius * (x[9] + x[10] * squared_radius);
    return std::array{x[14] * (x[6] * distortion * u + x[7] - observed[0]),
                      x[14] * (x[6] * distortion * v + x[8] - observed[1])};
  });
}

struct with_typegrad {
  static void evaluate(const double* point, double* result) {
    constexpr auto x = tg::symbols<"x", 15>;
    constexpr auto observed = tg::symbols<"observed", 2>;
    constexpr auto error = reprojection_error();
    constexpr auto program =
        tg::function(tg::inputs(x, observed), tg::outputs(error, tg::jacobian(error, x)));
    program(std::span<const double, 17>(point, 17), std::span<double, 32>(result, 32));
  }
};

const bool added = bench::add<bench::reprojection, hand>("hand") &&
                   bench::add<bench::reprojection, hand_chain>("hand, chain rule") &&
                   bench::add<bench::reprojection, with_typegrad>("typegrad");

}  // namespace
