"""Load bundles: for each store the files, the configuration and the README its operators expect. One folder of templates a store.

In a template ``@NAME@`` stands for what `bundle.write` knows: the graphs, the counts, the files.
"""
