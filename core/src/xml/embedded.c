#include "xml/embedded.h"

#include "base/embed.h"

EMBED(csro_embedded_schema, CSRO_XML "/schema/csro-model.rng");
EMBED(csro_embedded_model_cocrni_002, CSRO_XML "/models/cocrni-002.xml");
EMBED(csro_embedded_model_cocrni_111, CSRO_XML "/models/cocrni-111.xml");
EMBED(csro_embedded_model_feal_002, CSRO_XML "/models/feal-002.xml");
EMBED(csro_embedded_recipe_schema, CSRO_XML "/schema/csro-recipe.rng");
EMBED(csro_embedded_cocrni_002, CSRO_XML "/recipes/cocrni-002.xml");
EMBED(csro_embedded_cocrni_111, CSRO_XML "/recipes/cocrni-111.xml");
EMBED(csro_embedded_feal_002, CSRO_XML "/recipes/feal-002.xml");
EMBED(csro_embedded_interactions_schema, CSRO_XML "/schema/csro-interactions.rng");
EMBED(csro_embedded_nicocr, CSRO_XML "/interactions/nicocr.xml");
EMBED(csro_embedded_l12_cu3au, CSRO_XML "/interactions/l12-cu3au.xml");
EMBED(csro_embedded_b2_feal, CSRO_XML "/interactions/b2-feal.xml");
