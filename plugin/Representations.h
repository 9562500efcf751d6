// Makes the representations of this plugin known to ParaView's proxies (displays.xml).
#ifndef csroRepresentations_h
#define csroRepresentations_h

void csroRegisterRepresentations();

#endif
