"""The Deep Learning Playground: see how deep learning works, then use the real thing.

Map (each line imports only lines below it)::

    cli                                 the command line: runs everything inline, in its own process
    commands                            what it can do, a module for each command
    pages/ · ui                         one thin script per topic · frame, controls, live view
    viz · jobs · store                  figures · where it runs · what is kept
    training                            loops, events of a run, what is measured on the way      (torch)
    hub                                 pretrained models in use: opened, kept, asked              (torch)
    engine                              what carries out a training step, and checks one         (torch in two modules)
    specs                               what can be asked for: one frozen dataclass per experiment
    catalog · data · optim · functional  pretrained files · data sets · update rules · activations, losses, surfaces
    core                                registry, events, frames, errors, paths, settings, seed
"""

__version__ = "0.1.0"
