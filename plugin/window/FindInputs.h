// Inputs of a new filter that find themselves.
#ifndef csroFindInputs_h
#define csroFindInputs_h

class pqPipelineSource;

// A filter has been made in the menu with what was selected as its first input. Its input
// properties with a <DataKindDomain/> are set to what belongs to the selection:
//   the first, and one with the hint <Find make="1"/>: found; where there is none, made with all
//   that it needs the hint <Find/>: found; else empty none: empty
// `filter` stays the active source.
void csroFindInputs(pqPipelineSource *filter);

#endif
