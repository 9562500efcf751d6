// Colours of domains: those that are near each other differ.
#ifndef csroDomainColors_h
#define csroDomainColors_h

#include <string>
#include <vector>

class vtkSMSourceProxy;
class vtkTable;

// The table of the domains that a filter has found, NULL when it is not in this process.
vtkTable *csroTableOfDomains(vtkSMSourceProxy *filter);

// One line about where the domains are: another one for other domains.
std::string csroDescribeDomains(const std::vector<vtkTable *> &tables);

// Which of `colors` colours each domain has, by number. Tables of data and copies have the same
// colour for the same number; in each of them a domain differs from its nearest neighbours where
// that is possible, else from the nearest of them.
std::vector<int> csroColorDomains(const std::vector<vtkTable *> &tables, int domains, int colors);

#endif
