// ParaView loads a plugin of any version; what then fails, fails without a reason. We look
// ourselves.
#ifndef csroVersionCheck_h
#define csroVersionCheck_h

// Warns when the running ParaView is not the one that the plugin was built against.
void csroCheckParaViewVersion();

#endif
