#include "csro/go_no_go.h"

#include "base/embed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

EMBED(csro_embedded_go_no_go, CSRO_GO_NO_GO);
extern const unsigned char csro_embedded_go_no_go[];

static const double ions_of_table = 1e6, constant_of_table = 0.36, lateral_of_table = 0.6; /* nm */

/* Lines of blur, efficiency and alpha, all efficiencies of a blur together. */
void csro_go_no_go_get(csro_go_no_go *map) {
  *map = (csro_go_no_go){0};
  const char *line = strchr((const char *)csro_embedded_go_no_go, '\n'); /* behind the names */
  while (line && line[1]) {
    char *end;
    const double blur = strtod(line + 1, &end), efficiency = strtod(end + 1, &end),
                 alpha = strtod(end + 1, &end);
    if (map->blurs == 0 || map->blur[map->blurs - 1] < blur) {
      map->blur[map->blurs++] = blur;
      map->efficiencies = 0;
    }
    map->efficiency[map->efficiencies] = efficiency;
    map->alpha[map->blurs - 1][map->efficiencies++] = alpha;
    line = strchr(end, '\n');
  }
}

/* Of rising values the one before x, so that there is a next one; *part: how far x is between. */
static int find_place(const double *value, int count, double x, double *part) {
  int k = 0;
  while (k < count - 2 && value[k + 1] < x)
    k++;
  *part = (log(x) - log(value[k])) / (log(value[k + 1]) - log(value[k]));
  return k;
}

double csro_go_no_go_alpha(const csro_go_no_go *map, double blur, double efficiency,
                           const csro_go_no_go_data *data) {
  double u, v;
  if (!(efficiency > 0) || !(data->ions > 0) || !(data->share > 0) ||
      !(blur <= map->blur[map->blurs - 1]))
    return NAN;
  const int b = find_place(map->blur, map->blurs, fmax(blur, map->blur[0]), &u),
            e = find_place(map->efficiency, map->efficiencies, efficiency, &v);
  const double low = (1 - v) * log(map->alpha[b][e]) + v * log(map->alpha[b][e + 1]),
               high = (1 - v) * log(map->alpha[b + 1][e]) + v * log(map->alpha[b + 1][e + 1]);
  const double share = data->share, fewer = lateral_of_table / data->lateral;
  return exp((1 - u) * low + u * high) * sqrt(ions_of_table / data->ions) * fewer * (1 - share) /
         share;
}

double csro_go_no_go_efficiency(const csro_neighbour_counts *counts, double bins_per_plane,
                                double lateral) {
  const int first = (int)round(bins_per_plane / 2); /* half a plane away: behind the own plane */
  const double planes = (counts->bins - first) / bins_per_plane;
  double neighbours = 0, ions = 0;
  for (int part = 0; part < counts->parts; part++)
    for (int group = 0; group < counts->groups; group++)
      ions += (double)counts->ions[(int64_t)part * counts->groups + group];
  for (int a = 0; a < counts->groups; a++)
    for (int bin = first; bin < counts->bins; bin++)
      for (int b = 0; b < counts->groups; b++)
        neighbours += (double)counts->of[((int64_t)a * counts->bins + bin) * counts->groups + b];
  const double in_plane = neighbours / ions / planes / 2; /* planes are above and below */
  const double of_table =
      2 / (constant_of_table * constant_of_table) * acos(-1.0) * lateral * lateral;
  return in_plane / of_table;
}
