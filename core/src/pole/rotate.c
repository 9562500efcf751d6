#include "csro/pole.h"

#include <math.h>

/* Rodrigues' rotation from n to z: with v = n x z, c = n z, R = I + [v] + [v]^2 / (1 + c). */
void csro_pole_rotation(const double wave[3], const double center[3], double matrix[4][4]) {
  double length = sqrt(wave[0] * wave[0] + wave[1] * wave[1] + wave[2] * wave[2]);
  const double n[3] = {wave[0] / length, wave[1] / length, wave[2] / length};
  const double share = 1 / (1 + n[2]);
  const double rotation[3][3] = {{1 - n[0] * n[0] * share, -n[0] * n[1] * share, -n[0]},
                                 {-n[0] * n[1] * share, 1 - n[1] * n[1] * share, -n[1]},
                                 {n[0], n[1], n[2]}};
  for (int i = 0; i < 3; i++) {
    matrix[i][3] = center[i];
    matrix[3][i] = 0;
    for (int j = 0; j < 3; j++) {
      matrix[i][j] = rotation[i][j];
      matrix[i][3] -= rotation[i][j] * center[j];
    }
  }
  matrix[3][3] = 1;
}

void csro_pole_rotate(const csro_context *context, const csro_points *points,
                      const double matrix[4][4], void *out) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    for (int a = 0; a < 3; a++) {
      double value = matrix[a][0] * r[0] + matrix[a][1] * r[1] + matrix[a][2] * r[2] + matrix[a][3];
      if (points->is_double)
        ((double *)out)[3 * i + a] = value;
      else
        ((float *)out)[3 * i + a] = (float)value;
    }
  }
}
