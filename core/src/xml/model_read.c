#include "xml/embedded.h"
#include "xml/model_document.h"

#include <stdlib.h>
#include <string.h>

const char *const csro_model_names[CSRO_MODELS_SHIPPED] = {"cocrni-002", "cocrni-111", "feal-002"};

static const unsigned char *const documents[][2] = {
    {csro_embedded_model_cocrni_002, csro_embedded_model_cocrni_002_end},
    {csro_embedded_model_cocrni_111, csro_embedded_model_cocrni_111_end},
    {csro_embedded_model_feal_002, csro_embedded_model_feal_002_end}};

static void destroy(void *model) {
  csro_model *made = model;
  csro_model_destroy(&made);
}

static const csro_xml_kind kind = {.root = "csro-model",
                                   .version = CSRO_MODEL_VERSION,
                                   .noun = "model",
                                   .schema = csro_embedded_schema,
                                   .schema_end = csro_embedded_schema_end,
                                   .largest = CSRO_MODEL_LARGEST_FILE,
                                   .size = sizeof(csro_model),
                                   .build = csro_model_from_tree,
                                   .destroy = destroy,
                                   .shipped = CSRO_MODELS_SHIPPED,
                                   .names = csro_model_names,
                                   .documents = documents};

csro_status csro_model_create(csro_context *context, int class_count, int channel_count,
                              csro_model **model) {
  csro_model *made = csro_allocate(context, 1, sizeof *made);
  *model = NULL;
  if (!made)
    return CSRO_ERROR_MEMORY;
  *made = (csro_model){.class_count = class_count, .channel_count = channel_count};
  made->classes = csro_allocate(context, class_count, sizeof *made->classes);
  made->pairs = csro_allocate(context, channel_count, sizeof *made->pairs);
  if (!made->classes || !made->pairs) {
    csro_model_destroy(&made);
    return CSRO_ERROR_MEMORY;
  }
  memset(made->classes, 0, (size_t)class_count * sizeof *made->classes);
  memset(made->pairs, 0, (size_t)channel_count * sizeof *made->pairs);
  *model = made;
  return CSRO_OK;
}

csro_status csro_model_parse(csro_context *context, const char *name, const void *data, size_t size,
                             csro_model **model) {
  void *made;
  csro_status status = csro_xml_parse(context, &kind, name, data, size, &made);
  *model = made;
  return status;
}

csro_status csro_model_read(csro_context *context, const char *path, csro_model **model) {
  void *made;
  csro_status status = csro_xml_read(context, &kind, path, &made);
  *model = made;
  return status;
}

csro_status csro_model_shipped(csro_context *context, int index, csro_model **model) {
  void *made;
  csro_status status = csro_xml_shipped(context, &kind, index, &made);
  *model = made;
  return status;
}

void csro_model_destroy(csro_model **model) {
  if (!model || !*model)
    return;
  csro_model *m = *model;
  for (int i = 0; m->members && i < m->member_count; i++)
    csro_network_release(&m->members[i]);
  free(m->members);
  free(m->classes);
  free(m->pairs);
  free(m);
  *model = NULL;
}
