#include "csro/bisection.h"

#include "base/progress.h"
#include "csro/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_ALONG_LONGEST = 16384 };

csro_mesh csro_mesh_of_grid(const csro_grid *grid) {
  csro_mesh mesh = {.step = grid->stride};
  for (int axis = 0; axis < 3; axis++) {
    mesh.origin[axis] = grid->origin[axis] + (grid->edge - grid->stride) / 2;
    mesh.n[axis] = grid->n[axis];
  }
  return mesh;
}

csro_mesh csro_mesh_of_pixels(const csro_grid *grid) {
  csro_mesh mesh = {.step = grid->stride};
  for (int axis = 0; axis < 3; axis++) {
    mesh.origin[axis] = grid->origin[axis];
    mesh.n[axis] = grid->pixels[axis];
  }
  return mesh;
}

csro_mesh csro_mesh_of_neighbours(const csro_grid *grid) {
  csro_mesh mesh = csro_mesh_of_grid(grid);
  for (int axis = 0; axis < 3; axis++)
    mesh.n[axis] = mesh.n[axis] > 1 ? mesh.n[axis] - 1 : 1;
  return mesh;
}

csro_block csro_grid_block(const csro_grid *grid, const csro_block *neighbours) {
  const csro_mesh mesh = csro_mesh_of_neighbours(grid);
  csro_block block = *neighbours;
  for (int axis = 0; axis < 3; axis++)
    if (block.hi[axis] == mesh.n[axis] && block.lo[axis] < mesh.n[axis])
      block.hi[axis] = grid->n[axis];
  return block;
}

csro_mesh csro_mesh_over(const double bounds[6], double smallest) {
  csro_mesh mesh = {.step = smallest, .n = {1, 1, 1}};
  if (!(bounds[0] <= bounds[1]))
    return mesh;
  double longest = 0;
  for (int axis = 0; axis < 3; axis++)
    longest = fmax(longest, bounds[2 * axis + 1] - bounds[2 * axis]);
  mesh.step = fmax(smallest, longest / CELLS_ALONG_LONGEST);
  for (int axis = 0; axis < 3; axis++) {
    mesh.origin[axis] = bounds[2 * axis];
    mesh.n[axis] = (int64_t)((bounds[2 * axis + 1] - bounds[2 * axis]) / mesh.step) + 1;
  }
  return mesh;
}

/* A block that is cut, or not yet, or a part. */
typedef struct node {
  csro_block block;
  int first, parts; /* the parts that it will become; of neighbourhoods, 1 when it is one */
  int64_t ions;     /* in a node of neighbourhoods */
  int axis;         /* of the cut */
  int64_t cut;      /* cells below it are on the left */
  int left;         /* the node of the left side; the right one follows it; 0: not cut */
  int64_t counter;  /* where its counters begin in this round; -1: it is done */
} node;

struct csro_bisection {
  csro_mesh mesh;
  int count, nodes;
  int64_t smallest; /* ions of a neighbourhood; 0: one part per rank */
  uint64_t seed;
  int64_t counters;
  node *node; /* 2 count - 1 */
  csro_block *block;
};

static int longest_axis(const csro_block *block) {
  int longest = 0;
  for (int axis = 1; axis < 3; axis++)
    if (block->hi[axis] - block->lo[axis] > block->hi[longest] - block->lo[longest])
      longest = axis;
  return longest;
}

/* What is left of a node that is not cut: its first part has the block, the others nothing. */
static void put_parts(csro_bisection *parts, node *n) {
  n->counter = -1;
  if (parts->smallest > 0) {
    n->first = parts->count++;
    n->parts = 1;
  }
  for (int part = n->first; part < n->first + n->parts; part++) {
    parts->block[part] = n->block;
    if (part > n->first)
      memcpy(parts->block[part].hi, n->block.lo, sizeof n->block.lo);
  }
}

/* Prepares the nodes from `begin` on for the next round. */
static void plan_round(csro_bisection *parts, int begin) {
  parts->counters = 0;
  for (int i = begin; i < parts->nodes; i++) {
    node *n = &parts->node[i];
    n->axis = longest_axis(&n->block);
    const int64_t cells = n->block.hi[n->axis] - n->block.lo[n->axis];
    const bool is_small = parts->smallest > 0 ? n->ions / 2 < parts->smallest : n->parts == 1;
    if (is_small || cells < 2) {
      put_parts(parts, n);
      continue;
    }
    n->counter = parts->counters;
    parts->counters += cells;
  }
}

/* Room for at most `most` parts; the root is still to be planned. */
static csro_status create(csro_context *context, const csro_mesh *mesh, int most,
                          csro_bisection **out) {
  csro_bisection *parts = csro_allocate(context, 1, sizeof *parts);
  if (!parts)
    return CSRO_ERROR_MEMORY;
  *parts = (csro_bisection){.mesh = *mesh, .nodes = 1};
  parts->node = csro_allocate(context, 2 * (long long)most - 1, sizeof *parts->node);
  parts->block = csro_allocate(context, most, sizeof *parts->block);
  if (!parts->node || !parts->block) {
    csro_bisection_destroy(&parts);
    return CSRO_ERROR_MEMORY;
  }
  parts->node[0] = (node){.block = csro_block_whole(mesh->n)};
  *out = parts;
  return CSRO_OK;
}

csro_status csro_bisection_create(csro_context *context, const csro_mesh *mesh, int count,
                                  csro_bisection **out) {
  *out = NULL;
  if (count < 1 || mesh->n[0] < 1 || mesh->n[1] < 1 || mesh->n[2] < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d parts of a mesh of %lld x %lld x %lld cells: expected 1 or more of each",
                     count, (long long)mesh->n[0], (long long)mesh->n[1], (long long)mesh->n[2]);
  const csro_status status = create(context, mesh, count, out);
  if (status != CSRO_OK)
    return status;
  (*out)->count = (*out)->node[0].parts = count;
  plan_round(*out, 0);
  return CSRO_OK;
}

csro_status csro_bisection_create_neighbourhoods(csro_context *context, const csro_mesh *mesh,
                                                 int64_t ions, int64_t smallest, uint64_t seed,
                                                 csro_bisection **out) {
  enum { MOST = 1 << 30 };
  *out = NULL;
  if (mesh->n[0] < 1 || mesh->n[1] < 1 || mesh->n[2] < 1 || smallest < 1 || ions < 0 ||
      ions / smallest > MOST)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "neighbourhoods of %lld of %lld ions in a mesh of %lld x %lld x %lld cells: "
                     "expected 1 or more of each, and at most %d neighbourhoods",
                     (long long)smallest, (long long)ions, (long long)mesh->n[0],
                     (long long)mesh->n[1], (long long)mesh->n[2], MOST);
  const int most = ions < smallest ? 1 : (int)(ions / smallest);
  const csro_status status = create(context, mesh, most, out);
  if (status != CSRO_OK)
    return status;
  (*out)->smallest = smallest;
  (*out)->seed = seed;
  (*out)->node[0].ions = ions;
  plan_round(*out, 0);
  return CSRO_OK;
}

void csro_bisection_destroy(csro_bisection **parts) {
  if (!parts || !*parts)
    return;
  free((*parts)->node);
  free((*parts)->block);
  free(*parts);
  *parts = NULL;
}

int64_t csro_bisection_counters(const csro_bisection *parts) {
  return parts->counters;
}

const csro_block *csro_bisection_blocks(const csro_bisection *parts) {
  return parts->block;
}

int csro_bisection_parts(const csro_bisection *parts) {
  return parts->count;
}

static bool is_inside(const csro_mesh *mesh, const double r[3]) {
  for (int axis = 0; axis < 3; axis++) {
    const double t = (r[axis] - mesh->origin[axis]) / mesh->step;
    if (!(t >= 0 && t <= (double)mesh->n[axis])) /* also NaN */
      return false;
  }
  return true;
}

/* The uncut node that holds a cell. */
static const node *node_of(const csro_bisection *parts, const int64_t cell[3]) {
  const node *n = parts->node;
  while (n->left > 0)
    n = &parts->node[n->left + (cell[n->axis] >= n->cut)];
  return n;
}

int csro_bisection_part_at(const csro_bisection *parts, const int64_t cell[3]) {
  return node_of(parts, cell)->first;
}

csro_status csro_bisection_count(csro_context *context, const csro_bisection *parts,
                                 const csro_points *points, const uint16_t *label,
                                 int64_t *counts) {
  enum { CHUNK = 65536 };
  const int64_t chunks = (points->count + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_progress_start(&progress, context, chunks, 0, 1);
  memset(counts, 0, (size_t)parts->counters * sizeof *counts);
#pragma omp parallel for num_threads(context->threads) schedule(static)
  for (int64_t chunk = 0; chunk < chunks; chunk++) {
    if (csro_progress_add(&progress, 1))
      continue;
    const int64_t end = (chunk + 1) * CHUNK < points->count ? (chunk + 1) * CHUNK : points->count;
    for (int64_t i = chunk * CHUNK; i < end; i++) {
      double r[3];
      int64_t cell[3];
      csro_points_get(points, i, r);
      if ((label && label[i] == 0) || (parts->smallest == 0 && !is_inside(&parts->mesh, r)))
        continue;
      csro_mesh_cell(&parts->mesh, r, cell);
      const node *n = node_of(parts, cell);
      if (n->counter < 0)
        continue;
      int64_t *count = &counts[n->counter + cell[n->axis] - n->block.lo[n->axis]];
#pragma omp atomic
      ++*count;
    }
  }
  return csro_progress_end(&progress);
}

/* Where to cut: cells on the left, at least one on either side. Of no ions, as the parts are. */
static int64_t best_cut(const int64_t *counts, int64_t cells, double share) {
  int64_t total = 0, sum = 0, best = 1;
  for (int64_t i = 0; i < cells; i++)
    total += counts[i];
  double nearest = INFINITY;
  for (int64_t cut = 1; cut < cells; cut++) {
    sum += counts[cut - 1];
    const double off = total > 0 ? fabs((double)sum - share * (double)total)
                                 : fabs((double)cut - share * (double)cells);
    if (off < nearest) {
      nearest = off;
      best = cut;
    }
  }
  return best;
}

/* The same for a neighbourhood: at least `smallest` ions on either side, and on the left about the
 * share of them that is drawn for the node. 0: there is no such cut. */
static int64_t random_cut(const csro_bisection *parts, int number, const int64_t *counts,
                          int64_t cells, int64_t *left) {
  const uint64_t cuts = (uint64_t)1 << 63; /* streams of the random numbers */
  const double ions = (double)parts->node[number].ions;
  const double margin = fmax(0.35, (double)parts->smallest / ions);
  csro_random random;
  csro_random_init(&random, parts->seed, cuts + (uint64_t)number);
  const double wanted = ions * (margin + (1 - 2 * margin) * csro_random_uniform(&random));
  int64_t sum = 0, best = 0;
  for (int64_t cut = 1; cut < cells; cut++) {
    sum += counts[cut - 1];
    if (sum < parts->smallest || parts->node[number].ions - sum < parts->smallest)
      continue;
    if (best == 0 || fabs((double)sum - wanted) < fabs((double)*left - wanted)) {
      best = cut;
      *left = sum;
    }
  }
  return best;
}

void csro_bisection_cut(csro_bisection *parts, const int64_t *counts) {
  const int end = parts->nodes;
  for (int i = 0; i < end; i++) {
    node *n = &parts->node[i];
    if (n->left > 0 || n->counter < 0)
      continue;
    const int left_parts = n->parts / 2;
    const int64_t cells = n->block.hi[n->axis] - n->block.lo[n->axis];
    int64_t ions = 0; /* on the left */
    const int64_t cut = parts->smallest > 0
                            ? random_cut(parts, i, counts + n->counter, cells, &ions)
                            : best_cut(counts + n->counter, cells, (double)left_parts / n->parts);
    if (cut == 0) {
      put_parts(parts, n);
      continue;
    }
    n->cut = n->block.lo[n->axis] + cut;
    n->left = parts->nodes;
    node *left = &parts->node[parts->nodes++], *right = &parts->node[parts->nodes++];
    *left = (node){.block = n->block, .first = n->first, .parts = left_parts, .ions = ions};
    *right = (node){.block = n->block,
                    .first = n->first + left_parts,
                    .parts = n->parts - left_parts,
                    .ions = n->ions - ions};
    left->block.hi[n->axis] = right->block.lo[n->axis] = n->cut;
  }
  plan_round(parts, end);
}
