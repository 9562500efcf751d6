#include "network/upper_bound.h"

#include "network/dense.h"
#include "network/inference.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double smallest_unbounded = 0.01; /* probability */

/* The layer of this kind that follows layer l; NULL if another but dropout comes first. */
static const csro_layer *next_layer(const csro_network *network, int *l) {
  while (++*l < network->layer_count)
    if (network->layers[*l].kind != CSRO_LAYER_DROPOUT)
      return &network->layers[*l];
  return NULL;
}

/* The hidden dense layer and that of the classes, when the network is of the kind. */
static bool find_layers(const csro_network *network, const csro_layer **hidden,
                        const csro_layer **classes) {
  bool positive = false; /* what flatten sees */
  int l = 0;
  for (; network->layers[l].kind != CSRO_LAYER_FLATTEN; l++)
    if (network->layers[l].kind == CSRO_LAYER_CONV1D)
      positive = network->layers[l].activation == CSRO_ACTIVATION_RELU;
  *hidden = next_layer(network, &l);
  *classes = next_layer(network, &l);
  return positive && *hidden && *classes && !next_layer(network, &l) &&
         (*hidden)->kind == CSRO_LAYER_DENSE && (*hidden)->activation == CSRO_ACTIVATION_RELU &&
         (*hidden)->units >= 2 * CSRO_BOUND_UNITS;
}

/* ---- the units of the layer ---- */

typedef struct plan {
  const csro_layer *hidden, *classes;
  int class, inputs;
  double slack;  /* of rounding, relative to the sum of all absolute terms */
  double *value; /* [hidden unit]: v_h, then v_h w+_h for x = 1 */
  double *sum;   /* [1 + inputs]: constant and weights of the linear unit */
} plan;

static double weight_of_class(const plan *p, int h, int class) {
  return (double)p->classes->weights[h * p->classes->units + class];
}

static double hidden_value(const plan *p, int h) {
  return weight_of_class(p, h, p->class) - weight_of_class(p, h, 0);
}

/* Constant (k = 0) and weights of a hidden unit. */
static double hidden_term(const plan *p, int h, int k) {
  return (double)(k == 0 ? p->hidden->bias[h]
                         : p->hidden->weights[(int64_t)(k - 1) * p->hidden->units + h]);
}

/* How much the linear bound of a unit can be off, as far as it depends on the unit. */
static double looseness(const plan *p, int h) {
  const double value = hidden_value(p, h);
  double sum = 0;
  for (int k = 0; value > 0 && k <= p->inputs; k++)
    sum += value * fmax(hidden_term(p, h, k), 0);
  return sum;
}

/* Chooses the unit that comes next as it is; -1 when there is none. */
static int loosest(const plan *p) {
  int best = -1;
  for (int h = 0; h < p->hidden->units; h++)
    if (p->value[h] > 0 && (best < 0 || p->value[h] > p->value[best]))
      best = h;
  return best;
}

static void add_linear(const plan *p, int h, bool as_it_is) {
  const double value = hidden_value(p, h);
  const double all = fabs(weight_of_class(p, h, p->class)) + fabs(weight_of_class(p, h, 0));
  for (int k = 0; k <= p->inputs; k++) {
    const double term = hidden_term(p, h, k);
    p->sum[k] += p->slack * all * fabs(term);
    if (!as_it_is)
      p->sum[k] += value * (value > 0 ? fmax(term, 0) : term);
  }
}

static void fill_unit(const plan *p, int unit, int h, csro_upper_bound *bound) {
  for (int k = 0; k <= p->inputs; k++) {
    const double term = h < 0 ? 0 : hidden_term(p, h, k);
    *(k == 0 ? &bound->layer.bias[unit]
             : &bound->layer.weights[(int64_t)(k - 1) * CSRO_BOUND_UNITS + unit]) = (float)term;
  }
  bound->factor[unit] = h < 0 ? 0 : (float)hidden_value(p, h);
}

static void fill_layer(const plan *p, csro_upper_bound *bound) {
  const float *bias = p->classes->bias;
  p->sum[0] = (double)bias[p->class] - (double)bias[0] +
              p->slack * (1 + fabs((double)bias[p->class]) + fabs((double)bias[0]));
  for (int h = 0; h < p->hidden->units; h++)
    p->value[h] = looseness(p, h);
  for (int unit = 1; unit < CSRO_BOUND_UNITS; unit++) {
    const int h = loosest(p);
    fill_unit(p, unit, h, bound);
    if (h >= 0) {
      add_linear(p, h, true);
      p->value[h] = -1;
    }
  }
  for (int h = 0; h < p->hidden->units; h++)
    if (p->value[h] >= 0)
      add_linear(p, h, false);
  bound->layer.bias[0] = (float)p->sum[0];
  for (int k = 0; k < p->inputs; k++)
    bound->layer.weights[(int64_t)k * CSRO_BOUND_UNITS] = (float)p->sum[1 + k];
  csro_dense_pack(&bound->layer, bound->packed);
}

static csro_status bound_init(csro_context *context, const csro_layer *hidden,
                              const csro_layer *classes, int class, csro_upper_bound *bound) {
  const int inputs = hidden->in_channels;
  bound->layer = (csro_layer){.kind = CSRO_LAYER_DENSE,
                              .units = CSRO_BOUND_UNITS,
                              .in_positions = 1,
                              .in_channels = inputs,
                              .out_positions = 1,
                              .out_channels = CSRO_BOUND_UNITS,
                              .weight_count = (int64_t)inputs * CSRO_BOUND_UNITS,
                              .bias_count = CSRO_BOUND_UNITS};
  bound->layer.weights =
      csro_allocate(context, bound->layer.weight_count, sizeof *bound->layer.weights);
  bound->layer.bias = csro_allocate(context, CSRO_BOUND_UNITS, sizeof *bound->layer.bias);
  bound->packed = csro_allocate(context, csro_dense_packed(&bound->layer), sizeof *bound->packed);
  double *value = csro_allocate(context, hidden->units, sizeof *value),
         *sum = csro_allocate(context, 1 + (long long)inputs, sizeof *sum);
  const bool all = bound->layer.weights && bound->layer.bias && bound->packed && value && sum;
  if (all) {
    /* of all that is rounded: both layers of the network, this layer, and its weights themselves */
    const double slack = 4.0 * (inputs + hidden->units + 16) * (double)FLT_EPSILON;
    memset(sum, 0, (size_t)(1 + inputs) * sizeof *sum);
    fill_layer(&(plan){hidden, classes, class, inputs, slack, value, sum}, bound);
  }
  free(value);
  free(sum);
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_upper_bounds_create(csro_context *context, int count, const csro_network *networks,
                                     int class, csro_upper_bound **bounds) {
  const csro_layer *hidden, *classes;
  *bounds = NULL;
  if (count < 1 || !find_layers(&networks[0], &hidden, &classes))
    return CSRO_OK;
  *bounds = csro_allocate(context, count, sizeof **bounds);
  if (!*bounds)
    return CSRO_ERROR_MEMORY;
  memset(*bounds, 0, (size_t)count * sizeof **bounds);
  csro_status status = CSRO_OK;
  for (int m = 0; m < count && status == CSRO_OK; m++)
    if (find_layers(&networks[m], &hidden, &classes))
      status = bound_init(context, hidden, classes, class, &(*bounds)[m]);
  if (status != CSRO_OK)
    csro_upper_bounds_destroy(count, bounds);
  return status;
}

void csro_upper_bounds_destroy(int count, csro_upper_bound **bounds) {
  for (int m = 0; *bounds && m < count; m++) {
    free((*bounds)[m].layer.weights);
    free((*bounds)[m].layer.bias);
    free((*bounds)[m].packed);
  }
  free(*bounds);
  *bounds = NULL;
}

void csro_upper_bound_run(const csro_upper_bound *bound, const csro_network *network,
                          const float *packed, int rows, const float *in, float *scratch,
                          double *largest) {
  float *block[2];
  bool finite[CSRO_NETWORK_ROWS];
  csro_network_front(network, packed, rows, in, scratch, block, finite);
  csro_dense_rows(&bound->layer, bound->packed, rows, block[0], block[1]);
  const float *units = block[1];
  for (int r = 0; r < rows; r++, units += CSRO_BOUND_UNITS) {
    double difference = (double)units[0];
    for (int u = 1; u < CSRO_BOUND_UNITS; u++)
      difference += units[u] > 0 ? (double)(bound->factor[u] * units[u]) : 0;
    const double most = exp(difference) * (1 + 1e-4);
    largest[r] = most < smallest_unbounded ? most : 1;
  }
}
