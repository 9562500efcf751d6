/* The element <architecture> of models and recipes. */
#ifndef CSRO_XML_NETWORK_XML_H
#define CSRO_XML_NETWORK_XML_H

#include "csro/network.h"
#include "xml/xml_values.h"

enum { CSRO_ARCHITECTURE_LAYERS = 256 };

extern const char *const csro_activation_names[3];

/* The shape alone, without memory for weights: checked against the input and the number of classes.
 * Release with csro_network_release; zero after an error. */
csro_status csro_architecture_read(const csro_xml_source *from, xmlNode *node, int bins,
                                   int channels, int classes, csro_network *shape);

#endif
