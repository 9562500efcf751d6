#include "order/search.h"

#include <math.h>
#include <stdlib.h>

/* All rounds of a search that is not divided. */
static csro_status run_rounds(csro_search *search) {
  csro_message_buffer messages = {0};
  csro_status status = CSRO_OK;
  for (int64_t fitted = 1; fitted > 0 && status == CSRO_OK;) {
    status = csro_order_search_scan(search, &messages);
    if (status == CSRO_OK)
      status = csro_order_search_fit(search, NULL, 0, &messages, &fitted);
    if (status == CSRO_OK)
      status = csro_order_search_apply(search, NULL, 0);
  }
  csro_message_buffer_release(&messages);
  return status;
}

static csro_status search_all(csro_search *search) {
  int64_t sums[CSRO_STRENGTHS];
  csro_status status = run_rounds(search);
  if (status != CSRO_OK)
    return status;
  csro_order_search_strength(search, sums);
  return csro_order_search_again(search, sums) ? run_rounds(search) : CSRO_OK;
}

/* Joins the domains and numbers them by their probability. */
static csro_status number_all(csro_context *context, csro_search *search, int64_t ions,
                              csro_order *order) {
  double fewer = 0;
  int64_t links = 0, balls = order->count;
  csro_order_link *link = NULL;
  int64_t *ball = csro_allocate(context, balls, sizeof *ball);
  int64_t *root = csro_allocate(context, balls, sizeof *root);
  int64_t *list = csro_allocate(context, balls, sizeof *list);
  csro_status status = ball && root && list ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = csro_order_search_links(search, &links, &link);
  if (status == CSRO_OK)
    status =
        csro_order_join(context, links, link, &order->count, order->domains, ball, root, &fewer);
  for (int64_t d = 0; d < order->count && status == CSRO_OK; d++)
    list[d] = order->domains[d].candidate;
  if (status == CSRO_OK)
    status = csro_order_number(context, order->count, list, balls, root);
  if (status == CSRO_OK)
    status = csro_order_number(context, balls, ball, ions, order->domain);
  for (int64_t i = 0; i < ions && status == CSRO_OK; i++)
    order->domain[i] = order->domain[i] < 0 ? -1 : root[order->domain[i]];
  order->density = fmax(order->density - fewer / order->volume, 0);
  free(ball);
  free(root);
  free(list);
  free(link);
  return status;
}

static csro_status report(csro_search *search, const csro_grid *grid, const csro_order_part *part,
                          csro_order *order) {
  csro_message_buffer messages = {0};
  csro_occupancy occupancy = {0};
  csro_order_peak *peaks = NULL;
  int64_t count = 0, room = 0;
  csro_status status = csro_order_search_tally(search, &occupancy);
  if (status == CSRO_OK)
    status = csro_order_search_peaks(search, &count, &peaks, &room);
  double volume = csro_order_volume(part, &occupancy);
  if (status == CSRO_OK)
    status = csro_order_search_rate(
        search, csro_order_density(count, peaks, csro_order_room(grid, volume, room)), &messages);
  if (status == CSRO_OK)
    status = csro_order_search_report(search, NULL, 0, order);
  if (status == CSRO_OK) {
    int64_t sums[CSRO_STRENGTHS];
    csro_order_search_strength(search, sums);
    order->strength = csro_order_strength_of(sums);
  }
  order->volume = volume;
  order->expected = csro_order_search_expected(search);
  free(peaks);
  csro_message_buffer_release(&messages);
  return status;
}

static csro_status find_voxel_odds(csro_context *context, csro_search *search,
                                   const csro_grid *grid, double density, float *probability) {
  const csro_block all = csro_block_whole(grid->n);
  int64_t n = csro_block_size(&all);
  double *inside = csro_allocate(context, n, sizeof *inside);
  double *outside = csro_allocate(context, n, sizeof *outside);
  csro_status status = inside && outside ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = csro_order_search_voxel_odds(search, &all, inside, outside);
  for (int64_t v = 0; v < n && status == CSRO_OK; v++)
    probability[v] = csro_order_probability(density, inside[v], outside[v]);
  free(inside);
  free(outside);
  return status;
}

/* All rounds, in all ions. */
static csro_status search_whole(csro_context *context, const csro_points *points,
                                const float *signal, const csro_order_options *options,
                                const csro_grid *grid, csro_order_part *all, csro_search **search) {
  for (int a = 0; a < 3; a++) {
    all->lo[a] = -INFINITY;
    all->hi[a] = INFINITY;
  }
  csro_status status = csro_points_bounds(context, points, all->bounds);
  if (status == CSRO_OK)
    status = csro_order_search_create(context, points, signal, options, grid, all, search);
  return status == CSRO_OK ? search_all(*search) : status;
}

csro_status csro_order_find_peaks(csro_context *context, const csro_points *points,
                                  const float *signal, const csro_order_options *options,
                                  const csro_grid *grid, int64_t *count, csro_order_peak **peaks) {
  csro_search *search = NULL;
  csro_order_part all;
  int64_t room;
  *count = 0;
  *peaks = NULL;
  csro_status status = search_whole(context, points, signal, options, grid, &all, &search);
  if (status == CSRO_OK)
    status = csro_order_search_peaks(search, count, peaks, &room);
  csro_order_search_destroy(&search);
  return status;
}

csro_status csro_order_find(csro_context *context, const csro_points *points, const float *signal,
                            const csro_order_options *options, const csro_grid *grid,
                            float *probability, csro_order *order) {
  *order = (csro_order){0};
  csro_search *search = NULL;
  csro_order_part all;
  csro_status status = search_whole(context, points, signal, options, grid, &all, &search);
  if (status == CSRO_OK)
    status = report(search, grid, &all, order);
  if (status == CSRO_OK && probability)
    status = find_voxel_odds(context, search, grid, order->sought, probability);
  if (status == CSRO_OK)
    status = number_all(context, search, points->count, order);
  csro_order_search_destroy(&search);
  if (status != CSRO_OK)
    csro_order_release(order);
  return status;
}

int64_t csro_order_select_fdr(int64_t count, const csro_ordered_domain *domains, double fdr) {
  double wrong = 0;
  int64_t declared = 0;
  for (int64_t d = 0; d < count; d++) {
    wrong += 1 - domains[d].probability;
    if (wrong <= fdr * (double)(d + 1))
      declared = d + 1;
  }
  return declared;
}

void csro_order_fdr(int64_t count, const csro_ordered_domain *domains, double *fdr) {
  double wrong = 0;
  for (int64_t d = 0; d < count; d++) {
    wrong += 1 - domains[d].probability;
    fdr[d] = wrong / (double)(d + 1);
  }
}
