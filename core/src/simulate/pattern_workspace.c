#include "simulate/pattern_workspace.h"

#include "voxel/cell_list.h"

#include <stdlib.h>

csro_status csro_pattern_workspace_init(csro_context *context, int species, int64_t sites,
                                        int sublattices, csro_pattern_workspace *room) {
  int64_t length = sites + CSRO_CELLS_PADDING, values = 6 * length * species;
  *room = (csro_pattern_workspace){.species = species};
  room->own = csro_allocate(context, species, sizeof *room->own);
  room->all = csro_allocate(context, species, sizeof *room->all);
  room->occupancy = csro_allocate(context, (int64_t)sublattices * species, sizeof *room->occupancy);
  room->matrix = csro_allocate(context, species, sizeof *room->matrix);
  room->order = csro_allocate(context, sites, sizeof *room->order);
  room->memory = csro_allocate(context, values, sizeof *room->memory);
  room->bits = csro_allocate(context, 2 * sites + 2, sizeof *room->bits);
  room->noise = csro_allocate(context, 3 * sites + 1, sizeof *room->noise);
  if (!room->own || !room->all || !room->occupancy || !room->matrix || !room->order ||
      !room->memory || !room->bits || !room->noise) {
    csro_pattern_workspace_release(room);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t k = 0; k < values; k++)
    room->memory[k] = 0;
  for (int s = 0; s < species; s++) {
    double *p = room->memory + 6 * length * s;
    room->own[s] = (csro_pattern_ions){0, p, p + length, p + 2 * length};
    room->all[s] = (csro_pattern_ions){0, p + 3 * length, p + 4 * length, p + 5 * length};
  }
  return CSRO_OK;
}

void csro_pattern_workspace_release(csro_pattern_workspace *room) {
  if (!room)
    return;
  free(room->own);
  free(room->all);
  free(room->occupancy);
  free(room->matrix);
  free(room->order);
  free(room->memory);
  free(room->bits);
  free(room->noise);
  *room = (csro_pattern_workspace){0};
}
