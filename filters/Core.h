// The core's headers, which are C.
#ifndef csroCore_h
#define csroCore_h

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include "csro/classify.h"
#include "csro/compare.h"
#include "csro/composition.h"
#include "csro/cores.h"
#include "csro/detectable.h"
#include "csro/detection.h"
#include "csro/domains.h"
#include "csro/evaluation.h"
#include "csro/explain.h"
#include "csro/order.h"
#include "csro/order_parts.h"
#include "csro/parts.h"
#include "csro/patterns.h"
#include "csro/random.h"
#include "csro/ranges.h"
#include "csro/score.h"
#include "csro/specimen.h"
#include "csro/spectrum.h"
#include "csro/train.h"
#include "csro/typed.h"
#include "csro/zsdm.h"
}

#endif
