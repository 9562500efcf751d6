/* Files that are part of the library, so that they are found without a path. */
#ifndef CSRO_XML_EMBEDDED_H
#define CSRO_XML_EMBEDDED_H

extern const unsigned char csro_embedded_schema[], csro_embedded_schema_end[];
extern const unsigned char csro_embedded_model_cocrni_002[], csro_embedded_model_cocrni_002_end[];
extern const unsigned char csro_embedded_model_cocrni_111[], csro_embedded_model_cocrni_111_end[];
extern const unsigned char csro_embedded_model_feal_002[], csro_embedded_model_feal_002_end[];
extern const unsigned char csro_embedded_recipe_schema[], csro_embedded_recipe_schema_end[];
extern const unsigned char csro_embedded_cocrni_002[], csro_embedded_cocrni_002_end[];
extern const unsigned char csro_embedded_cocrni_111[], csro_embedded_cocrni_111_end[];
extern const unsigned char csro_embedded_feal_002[], csro_embedded_feal_002_end[];
extern const unsigned char csro_embedded_interactions_schema[],
    csro_embedded_interactions_schema_end[];
extern const unsigned char csro_embedded_nicocr[], csro_embedded_nicocr_end[];
extern const unsigned char csro_embedded_l12_cu3au[], csro_embedded_l12_cu3au_end[];
extern const unsigned char csro_embedded_b2_feal[], csro_embedded_b2_feal_end[];

#endif
