/* Molecular ions to atoms. A first pass counts the atoms of each block of ions, which gives every
 * atom its place. */
#include "base/progress.h"
#include "csro/composition.h"

#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536 };

void csro_atoms_release(csro_atoms *atoms) {
  if (!atoms)
    return;
  free(atoms->ion);
  free(atoms->label);
  memset(atoms, 0, sizeof *atoms);
}

typedef struct decomposition {
  csro_context *context;
  const csro_atom_kinds *kinds;
  const uint16_t *label;
  int64_t count, blocks;
  int64_t *before; /* blocks + 1: atoms before each block */
} decomposition;

/* Writes the atoms of one ion at `atoms` where that is not NULL; returns how many there are. */
static int64_t put_atoms(const decomposition *work, int64_t ion, csro_atoms *atoms, int64_t at) {
  const csro_atom_kinds *kinds = work->kinds;
  const int species = work->label[ion] - 1;
  if (species < 0) {
    if (atoms) {
      atoms->ion[at] = ion;
      atoms->label[at] = 0;
    }
    return 1;
  }
  int64_t n = 0;
  for (int p = kinds->first[species]; p < kinds->first[species + 1]; p++) {
    if (!atoms)
      n += kinds->part[p].atoms;
    for (int k = 0; atoms && k < kinds->part[p].atoms; k++, n++) {
      atoms->ion[at + n] = ion;
      atoms->label[at + n] = (uint16_t)(kinds->part[p].kind + 1);
    }
  }
  return n;
}

/* Counts when there are no atoms to fill. */
static csro_status for_blocks(decomposition *work, csro_atoms *atoms) {
  csro_progress progress;
  csro_progress_start(&progress, work->context, work->blocks, atoms ? 0.4 : 0, atoms ? 1 : 0.4);
  int64_t above = 0;
#pragma omp parallel for num_threads(work->context->threads) reduction(+ : above)
  for (int64_t b = 0; b < work->blocks; b++) {
    int64_t end = work->count - b * block_ions < block_ions ? work->count : (b + 1) * block_ions;
    int64_t at = atoms ? work->before[b] : 0;
    if (csro_progress_add(&progress, 1))
      continue;
    for (int64_t i = b * block_ions; i < end; i++) {
      if (work->label[i] > work->kinds->species_count)
        above++;
      else
        at += put_atoms(work, i, atoms, at);
    }
    if (!atoms)
      work->before[b + 1] = at;
  }
  if (above > 0)
    return csro_fail(work->context, CSRO_ERROR_DATA,
                     "%lld labels are above the number of species, %d", (long long)above,
                     work->kinds->species_count);
  return csro_progress_end(&progress);
}

static csro_status decompose(decomposition *work, csro_atoms *atoms) {
  work->before[0] = 0;
  csro_status status = for_blocks(work, NULL);
  if (status != CSRO_OK)
    return status;
  for (int64_t b = 0; b < work->blocks; b++)
    work->before[b + 1] += work->before[b];
  atoms->count = work->before[work->blocks];
  atoms->ion = csro_allocate(work->context, atoms->count, sizeof *atoms->ion);
  atoms->label = csro_allocate(work->context, atoms->count, sizeof *atoms->label);
  return atoms->ion && atoms->label ? for_blocks(work, atoms) : CSRO_ERROR_MEMORY;
}

csro_status csro_ions_decompose(csro_context *context, const csro_atom_kinds *kinds,
                                const uint16_t *label, int64_t count, csro_atoms *atoms) {
  decomposition work = {.context = context, .kinds = kinds, .label = label, .count = count};
  memset(atoms, 0, sizeof *atoms);
  work.blocks = (count + block_ions - 1) / block_ions;
  work.before = csro_allocate(context, work.blocks + 1, sizeof *work.before);
  csro_status status = work.before ? decompose(&work, atoms) : CSRO_ERROR_MEMORY;
  free(work.before);
  if (status != CSRO_OK)
    csro_atoms_release(atoms);
  return status;
}
