// breaks: tensorflow-only-in-networks
import '@tensorflow/tfjs';
